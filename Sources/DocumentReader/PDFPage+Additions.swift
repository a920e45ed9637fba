import CPoppler

extension PDFPage {
  /// A value of a form or a remark, with its place.
  struct Addition: Sendable {
    var kind: PageExplanation.Kind
    var text: String
    /// Its box, y downwards.
    var box: Glyph
  }

  /// The longest value of a field or annotation, in characters.
  private static let longestAddition = 20_000

  /// Form fields may have a value and no appearance: then no text of the page shows it.
  ///
  /// - Parameter limit: how many characters the page may have altogether.
  @unsafe mutating func readFields(_ page: OpaquePointer, upTo limit: Int) {
    let hidden = unsafe Self.hiddenWidgets(page)
    let first = additions.count
    defer { additions[first...] = Self.inReadingOrder(additions[first...]) }
    let list = unsafe poppler_page_get_form_field_mapping(page)
    defer { unsafe poppler_page_free_form_field_mapping(list) }
    var entry = unsafe list
    while let current = unsafe entry {
      unsafe entry = current.pointee.next
      guard let data = unsafe current.pointee.data,
        let mapping = unsafe Optional(
          data.assumingMemoryBound(to: PopplerFormFieldMapping.self).pointee),
        let field = unsafe mapping.field
      else { continue }
      let box = unsafe Self.box(mapping.area, on: page)
      let isHidden = hidden.contains { unsafe Self.isLike($0, mapping.area) }
      switch unsafe poppler_form_field_get_field_type(field) {
      // Nobody is shown a password.
      case POPPLER_FORM_FIELD_TEXT where unsafe poppler_form_field_text_is_password(field) != 0:
        continue
      case POPPLER_FORM_FIELD_TEXT:
        unsafe add(poppler_form_field_text_get_text(field), .field, box, isHidden, upTo: limit)
      case POPPLER_FORM_FIELD_CHOICE:
        var isChosen = false
        for item in 0..<min(unsafe poppler_form_field_choice_get_n_items(field), 1000)
        where unsafe poppler_form_field_choice_is_item_selected(field, item) != 0 {
          unsafe add(
            poppler_form_field_choice_get_item(field, item), .field, box, isHidden, upTo: limit)
          isChosen = true
        }
        // What was typed in, where it is none of the items.
        if !isChosen {
          unsafe add(
            poppler_form_field_choice_get_text(field), .field, box, isHidden, upTo: limit)
        }
      default: continue
      }
    }
  }

  /// Fields by their rows from the top down, each from left to right, whatever order the file lists them in.
  private static func inReadingOrder(_ fields: ArraySlice<Addition>) -> ArraySlice<Addition> {
    let downwards = fields.enumerated().sorted {
      ($0.element.box.y1, $0.offset) < ($1.element.box.y1, $1.offset)
    }
    var rows: [[(offset: Int, element: Addition)]] = []
    for field in downwards {
      if let top = rows.last?.first?.element.box, field.element.box.middleY < top.y2 {
        rows[rows.count - 1].append(field)
      } else {
        rows.append([field])
      }
    }
    return rows.flatMap { row in
      row.sorted { one, other in
        let (here, there) = (one.element.box, other.element.box)
        return (here.x1, here.y1, one.offset) < (there.x1, there.y1, other.offset)
      }
    }.map(\.element)[...]
  }

  /// The page's paragraphs with the values of its fields where they stand.
  ///
  /// A value comes behind the label to its left or above it, and before what stands to its right or below. What is
  /// no field follows all of them.
  func withAdditions(_ reading: PageReading) -> [Paragraph] {
    var text: [Paragraph] = []
    var waiting =
      reading.layout.orientation == .horizontal
      ? additions.filter { $0.kind == .field }[...] : []
    let isPlaced = !waiting.isEmpty
    for paragraph in reading.paragraphs {
      while let field = waiting.first, paragraph.em > 0, paragraph.first.stands(behind: field.box) {
        text.append(Paragraph(text: field.text))
        waiting = waiting.dropFirst()
      }
      text.append(paragraph)
    }
    let rest = additions.filter { !isPlaced || $0.kind != .field }
    return text + (waiting + rest).map { Paragraph(text: $0.text) }
  }

  @unsafe mutating func readAnnotations(_ page: OpaquePointer, upTo limit: Int) {
    unsafe Self.forEachAnnotation(on: page) { annotation, area in
      switch unsafe poppler_annot_get_annot_type(annotation) {
      case POPPLER_ANNOT_FREE_TEXT, POPPLER_ANNOT_TEXT:
        unsafe add(
          poppler_annot_get_contents(annotation), .annotation, Self.box(area, on: page),
          Self.isHidden(annotation) || poppler_annot_markup_get_opacity(annotation) < 0.05,
          upTo: limit)
      default: break
      }
    }
  }

  /// The places of the form's fields that are not to be shown.
  @unsafe private static func hiddenWidgets(_ page: OpaquePointer) -> [PopplerRectangle] {
    var places: [PopplerRectangle] = []
    unsafe forEachAnnotation(on: page) { annotation, area in
      if unsafe poppler_annot_get_annot_type(annotation) == POPPLER_ANNOT_WIDGET,
        unsafe isHidden(annotation)
      {
        places.append(area)
      }
    }
    return places
  }

  /// Calls `body` with every annotation and its place.
  @unsafe private static func forEachAnnotation(
    on page: OpaquePointer, _ body: (OpaquePointer, PopplerRectangle) -> Void
  ) {
    let list = unsafe poppler_page_get_annot_mapping(page)
    defer { unsafe poppler_page_free_annot_mapping(list) }
    var entry = unsafe list
    while let current = unsafe entry {
      unsafe entry = current.pointee.next
      guard let data = unsafe current.pointee.data,
        let mapping = unsafe Optional(
          data.assumingMemoryBound(to: PopplerAnnotMapping.self).pointee),
        let annotation = unsafe mapping.annot
      else { continue }
      unsafe body(annotation, mapping.area)
    }
  }

  /// Whether an annotation says that it is not to be shown (ISO 32000-1, 12.5.3).
  @unsafe private static func isHidden(_ annotation: OpaquePointer) -> Bool {
    let flags = unsafe poppler_annot_get_flags(annotation).rawValue
    return flags & (POPPLER_ANNOT_FLAG_HIDDEN.rawValue | POPPLER_ANNOT_FLAG_NO_VIEW.rawValue) != 0
  }

  @unsafe private static func isLike(_ one: PopplerRectangle, _ other: PopplerRectangle) -> Bool {
    one.x1 == other.x1 && one.y1 == other.y1 && one.x2 == other.x2 && one.y2 == other.y2
  }

  /// A rectangle as poppler gives it, y upwards from the lower edge, turned round.
  @unsafe private static func box(_ area: PopplerRectangle, on page: OpaquePointer) -> Glyph {
    var height = 0.0
    unsafe poppler_page_get_size(page, nil, &height)
    return Glyph(
      scalar: " ", x1: min(area.x1, area.x2), y1: height - max(area.y1, area.y2),
      x2: max(area.x1, area.x2), y2: height - min(area.y1, area.y2))
  }

  @unsafe private mutating func add(
    _ text: UnsafeMutablePointer<CChar>?, _ kind: PageExplanation.Kind, _ box: Glyph,
    _ isHidden: Bool, upTo limit: Int
  ) {
    guard let text = unsafe text else { return }
    defer { unsafe g_free(text) }
    let whole = unsafe String(cString: text).unicodeScalars
    let room = additions.count < 2000 ? min(Self.longestAddition, limit - characters) : 0
    let addition = String(whole.prefix(max(0, room)))
    let length = addition.unicodeScalars.count
    if length < whole.count { isCut = true }
    guard length > 0 else { return }
    characters += length
    additions.append(Addition(kind: kind, text: addition, box: box))
    count(addition, in: box, isHidden: isHidden)
  }

  /// Counts what nobody sees, for it is to be hidden, has no extent or stands beside the page.
  private mutating func count(_ addition: String, in box: Glyph, isHidden: Bool) {
    let characters = addition.unicodeScalars.count { !$0.isBlank }
    if isHidden || box.width < 1 || box.height < 1 {
      hiddenAdditions += characters
    } else if box.x2 < 0 || box.y2 < 0 || box.x1 > area.x2 - area.x1 || box.y1 > area.y2 - area.y1 {
      additionsBeside += characters
    }
  }
}

extension Glyph {
  /// Whether it is to be read after a field: it is below, or in the same row and to the right.
  fileprivate func stands(behind field: Glyph) -> Bool {
    middleY > field.y2 || middleY > field.y1 && x1 > field.x1
  }
}
