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
  @unsafe mutating func readFields(_ page: OpaquePointer) {
    let hidden = unsafe Self.hiddenWidgets(page)
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
      case POPPLER_FORM_FIELD_TEXT:
        unsafe add(poppler_form_field_text_get_text(field), .field, box, isHidden)
      case POPPLER_FORM_FIELD_CHOICE:
        for item in 0..<min(unsafe poppler_form_field_choice_get_n_items(field), 1000)
        where unsafe poppler_form_field_choice_is_item_selected(field, item) != 0 {
          unsafe add(poppler_form_field_choice_get_item(field, item), .field, box, isHidden)
        }
        unsafe add(poppler_form_field_choice_get_text(field), .field, box, isHidden)
      default: continue
      }
    }
  }

  @unsafe mutating func readAnnotations(_ page: OpaquePointer) {
    unsafe Self.forEachAnnotation(on: page) { annotation, area in
      switch unsafe poppler_annot_get_annot_type(annotation) {
      case POPPLER_ANNOT_FREE_TEXT, POPPLER_ANNOT_TEXT:
        unsafe add(
          poppler_annot_get_contents(annotation), .annotation, Self.box(area, on: page),
          Self.isHidden(annotation))
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
    _ isHidden: Bool
  ) {
    guard let text = unsafe text else { return }
    defer { unsafe g_free(text) }
    let addition = String(unsafe String(cString: text).prefix(Self.longestAddition))
    guard !addition.isEmpty, additions.count < 2000, additions.last?.text != addition else {
      return
    }
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
