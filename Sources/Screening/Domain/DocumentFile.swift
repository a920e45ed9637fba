import DocumentReader

/// What kind of file a document is.
public enum DocumentForm: String, Sendable, Hashable, Codable {
  case pdf, text
}

/// A file as an applicant sent it.
public struct DocumentFile: Sendable {
  /// The file's bytes.
  public var bytes: [UInt8]
  /// What messages call it; of it only what kind of file it names is recorded.
  public var name: String?

  /// Wraps a file.
  public init(bytes: [UInt8], name: String? = nil) {
    self.bytes = bytes
    self.name = name
  }

  /// What kind of file it is, or is called by whoever sent it: a PDF without its beginning is none the less one.
  public var form: DocumentForm {
    name?.lowercased().hasSuffix(".pdf") == true || ReaderPool.isPDF(bytes) ? .pdf : .text
  }
}

/// An application as it comes in.
public struct Application: Sendable {
  /// The applicant's name, kept byte for byte.
  public var name: String
  /// The name in kana.
  public var kana: String?
  /// The applicant's mail address.
  public var email: String?
  /// The applicant's postal address.
  public var address: String?
  /// The vacancy applied for.
  public var opening: Opening
  /// When it arrived, RFC 3339; `nil` for now.
  public var received: String?
  /// The documents sent along, at least one.
  public var documents: [DocumentFile]
  /// What makes a second try of the same registration recognisable, for ever.
  public var idempotencyKey: String?

  /// Describes an application.
  public init(
    name: String, kana: String? = nil, email: String? = nil, address: String? = nil,
    opening: Opening = .general, received: String? = nil, documents: [DocumentFile],
    idempotencyKey: String? = nil
  ) {
    self.name = name
    self.kana = kana
    self.email = email
    self.address = address
    self.opening = opening
    self.received = received
    self.documents = documents
    self.idempotencyKey = idempotencyKey
  }
}
