/// Why bytes are not a model file.
public enum ModelCodingError: Error, Hashable, Sendable {
  /// The bytes do not begin as a model file does.
  case notAModel
  /// The file is of a version that this program does not know.
  case unknownVersion(UInt32)
  /// The file ends early.
  case truncated
  /// The file goes on after its end.
  case trailingBytes
  /// A field is not as this program would write it.
  case notCanonical(String)

}

extension ModelCodingError: CustomStringConvertible {
  /// What is wrong and what to do next.
  public var description: String {
    switch self {
    case .notAModel: "the bytes are no model file. Restore the file from a backup."
    case .unknownVersion(let version):
      "the model file is of version \(version), which this program does not know. Use a newer one."
    case .truncated: "the model file ends early. Restore it from a backup."
    case .trailingBytes: "the model file goes on after its end. Restore it from a backup."
    case .notCanonical(let field):
      "the model file's \(field) are not as they were written. Restore it from a backup."
    }
  }
}
