import CPoppler

/// The text of PDFs, by poppler.
enum PDFText {
  /// Why a PDF gives no text.
  enum Failure: Error {
    case encrypted, damaged
  }

  /// The most pages that are read; what follows is flagged.
  static let mostPages = 50

  /// A document's text with what the quality gate counts.
  struct Extraction {
    var text = ""
    var pages = 0
    var cut = false
    var imagePages = 0
  }

  /// Extracts the text of every page, form field and free-text annotation.
  static func extract(_ bytes: [UInt8]) throws(Failure) -> Extraction {
    let document = unsafe try open(bytes)
    defer { unsafe g_object_unref(UnsafeMutableRawPointer(document)) }
    var extraction = Extraction()
    let count = unsafe Int(poppler_document_get_n_pages(document))
    guard count > 0 else { throw .damaged }
    extraction.cut = count > mostPages
    for index in 0..<min(count, mostPages) {
      guard let page = unsafe poppler_document_get_page(document, Int32(index)) else { continue }
      defer { unsafe g_object_unref(UnsafeMutableRawPointer(page)) }
      extraction.pages += 1
      unsafe append(page, to: &extraction)
    }
    return extraction
  }

  private static func open(_ bytes: [UInt8]) throws(Failure) -> OpaquePointer {
    var error: UnsafeMutablePointer<GError>?
    let data = unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe g_bytes_new(buffer.baseAddress, gsize(buffer.count))
    }
    defer { unsafe g_bytes_unref(data) }
    let document = unsafe poppler_document_new_from_bytes(data, nil, &error)
    if let document = unsafe document { return unsafe document }
    let code = unsafe error?.pointee.code
    unsafe g_clear_error(&error)
    throw code == 1 ? .encrypted : .damaged
  }

  @unsafe private static func append(_ page: OpaquePointer, to extraction: inout Extraction) {
    var text = ""
    if let raw = unsafe poppler_page_get_text(page) {
      unsafe text = String(cString: raw)
      unsafe g_free(raw)
    }
    unsafe text += fields(of: page)
    unsafe text += notes(on: page)
    if text.allSatisfy(\.isWhitespace), unsafe hasImages(page) { extraction.imagePages += 1 }
    extraction.text += text + "\n"
  }

  /// The values of form fields, which a page's text leaves out.
  @unsafe private static func fields(of page: OpaquePointer) -> String {
    var text = ""
    let list = unsafe poppler_page_get_form_field_mapping(page)
    var item = unsafe list
    while let current = unsafe item {
      let mapping = unsafe current.pointee.data?.assumingMemoryBound(
        to: PopplerFormFieldMapping.self)
      if let field = unsafe mapping?.pointee.field,
        unsafe poppler_form_field_get_field_type(field) == POPPLER_FORM_FIELD_TEXT,
        let value = unsafe poppler_form_field_text_get_text(field)
      {
        unsafe text += "\n" + String(cString: value)
        unsafe g_free(value)
      }
      unsafe item = current.pointee.next
    }
    unsafe poppler_page_free_form_field_mapping(list)
    return text
  }

  /// The contents of free-text annotations, which a page's text leaves out.
  @unsafe private static func notes(on page: OpaquePointer) -> String {
    var text = ""
    let list = unsafe poppler_page_get_annot_mapping(page)
    var item = unsafe list
    while let current = unsafe item {
      let mapping = unsafe current.pointee.data?.assumingMemoryBound(to: PopplerAnnotMapping.self)
      if let annotation = unsafe mapping?.pointee.annot,
        unsafe poppler_annot_get_annot_type(annotation) == POPPLER_ANNOT_FREE_TEXT,
        let value = unsafe poppler_annot_get_contents(annotation)
      {
        unsafe text += "\n" + String(cString: value)
        unsafe g_free(value)
      }
      unsafe item = current.pointee.next
    }
    unsafe poppler_page_free_annot_mapping(list)
    return text
  }

  @unsafe private static func hasImages(_ page: OpaquePointer) -> Bool {
    let list = unsafe poppler_page_get_image_mapping(page)
    defer { unsafe poppler_page_free_image_mapping(list) }
    return unsafe list != nil
  }
}
