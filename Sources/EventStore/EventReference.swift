import Cryptography

/// What an event's data names beside the event itself.
enum EventReference: Sendable {
  /// A sealed value or a file.
  case sealed(SealedReference)
  /// Bytes in clear, by their SHA-256.
  case blob(Digest)
}

extension JSONValue {
  /// What an event's data names, however deep, in the order in which it stands.
  var references: [EventReference] {
    var found: [EventReference] = []
    collect(&found)
    return found
  }

  private func collect(_ found: inout [EventReference]) {
    if let reference = SealedReference(self) {
      found.append(.sealed(reference))
    } else if let members = object {
      if let blob = members["blob"]?.string.flatMap({ Digest(hex: $0) }) {
        found.append(.blob(blob))
      }
      for member in members { member.value.collect(&found) }
    } else if let items = array {
      for item in items { item.collect(&found) }
    }
  }
}
