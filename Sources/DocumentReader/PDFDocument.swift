import CPoppler

/// A PDF that poppler has opened.
@safe final class PDFDocument {
  private let document: OpaquePointer
  private let mayBeScanned: Bool

  /// Why a document does not open.
  enum Fault: String, Error {
    case encrypted
    case damaged
  }

  /// Opens the document in `bytes`.
  ///
  /// - Parameter password: what opens it for reading, or all that its owner may do; empty for none.
  init(_ bytes: [UInt8], password: String = "") throws(Fault) {
    let data = unsafe g_bytes_new(bytes, gsize(bytes.count))
    defer { unsafe g_bytes_unref(data) }
    var error: UnsafeMutablePointer<GError>?
    let opened =
      unsafe password.isEmpty
      ? poppler_document_new_from_bytes(data, nil, &error) : Self.open(data, password, &error)
    guard let opened = unsafe opened else {
      let code = unsafe error?.pointee.code ?? -1
      unsafe g_clear_error(&error)
      throw code == Int32(POPPLER_ERROR_ENCRYPTED.rawValue) ? .encrypted : .damaged
    }
    unsafe document = opened
    mayBeScanned = ImageSearch.mayHoldScan(bytes)
  }

  /// Tries a password in the spellings that it may have been given in.
  ///
  /// Poppler 22.12 frees bytes before it tries the second one, but not a stream.
  @unsafe private static func open(
    _ data: OpaquePointer?, _ password: String, _ error: inout UnsafeMutablePointer<GError>?
  ) -> OpaquePointer? {
    let stream = unsafe g_memory_input_stream_new_from_bytes(data)
    defer { unsafe g_object_unref(stream) }
    return unsafe poppler_document_new_from_stream(
      stream, goffset(g_bytes_get_size(data)), password, nil, &error)
  }

  /// Opens the document in `bytes`, or says why it has no reading.
  convenience init(readable bytes: [UInt8], password: String) throws(Unreadable) {
    do throws(Fault) {
      try self.init(bytes, password: password)
    } catch {
      switch error {
      case .encrypted: throw .encrypted
      case .damaged: throw .damaged
      }
    }
  }

  deinit { unsafe g_object_unref(UnsafeMutableRawPointer(document)) }

  /// How many pages it says it has, which may be any number.
  var pageCount: Int { unsafe Int(poppler_document_get_n_pages(document)) }

  /// The content of a page; `nil` when it has none.
  func page(_ index: Int, atMost limit: Int) -> PDFPage? {
    guard let page = unsafe poppler_document_get_page(document, Int32(index)) else { return nil }
    defer { unsafe g_object_unref(UnsafeMutableRawPointer(page)) }
    return unsafe PDFPage(page, atMost: limit, mayBeScanned: mayBeScanned)
  }

  /// The picture of a page, of at most `limit` pixels; `nil` when it has none.
  func picture(of index: Int, atMost limit: Int) -> PagePicture? {
    guard let page = unsafe poppler_document_get_page(document, Int32(index)) else { return nil }
    defer { unsafe g_object_unref(UnsafeMutableRawPointer(page)) }
    return unsafe PagePicture(page, atMost: limit)
  }
}
