import CPoppler

extension PDFPage {
  /// The longest value of a field or annotation, in characters.
  private static let longestAddition = 20_000

  /// Form fields may have a value and no appearance: then no text of the page shows it.
  @unsafe mutating func readFields(_ page: OpaquePointer) {
    let list = unsafe poppler_page_get_form_field_mapping(page)
    defer { unsafe poppler_page_free_form_field_mapping(list) }
    var entry = unsafe list
    while let current = unsafe entry {
      unsafe entry = current.pointee.next
      guard let data = unsafe current.pointee.data,
        let field = unsafe data.assumingMemoryBound(to: PopplerFormFieldMapping.self).pointee.field
      else { continue }
      switch unsafe poppler_form_field_get_field_type(field) {
      case POPPLER_FORM_FIELD_TEXT:
        unsafe add(poppler_form_field_text_get_text(field))
      case POPPLER_FORM_FIELD_CHOICE:
        for item in 0..<min(unsafe poppler_form_field_choice_get_n_items(field), 1000)
        where unsafe poppler_form_field_choice_is_item_selected(field, item) != 0 {
          unsafe add(poppler_form_field_choice_get_item(field, item))
        }
        unsafe add(poppler_form_field_choice_get_text(field))
      default: continue
      }
    }
  }

  @unsafe mutating func readAnnotations(_ page: OpaquePointer) {
    let list = unsafe poppler_page_get_annot_mapping(page)
    defer { unsafe poppler_page_free_annot_mapping(list) }
    var entry = unsafe list
    while let current = unsafe entry {
      unsafe entry = current.pointee.next
      guard let data = unsafe current.pointee.data,
        let annotation = unsafe data.assumingMemoryBound(to: PopplerAnnotMapping.self).pointee.annot
      else { continue }
      switch unsafe poppler_annot_get_annot_type(annotation) {
      case POPPLER_ANNOT_FREE_TEXT, POPPLER_ANNOT_TEXT:
        unsafe add(poppler_annot_get_contents(annotation))
      default: continue
      }
    }
  }

  @unsafe private mutating func add(_ text: UnsafeMutablePointer<CChar>?) {
    guard let text = unsafe text else { return }
    defer { unsafe g_free(text) }
    let addition = String(unsafe String(cString: text).prefix(Self.longestAddition))
    guard !addition.isEmpty, additions.count < 2000, additions.last != addition else { return }
    additions.append(addition)
  }
}
