import Glibc

/// A text as its bytes: two spellings are equal only byte for byte, and need no table to be compared.
///
/// `String` compares by canonical equivalence, which takes most of the time of counting Japanese words.
struct Spelling: Hashable {
  var text: String

  init(_ text: String) { self.text = text }

  static func == (one: Spelling, other: Spelling) -> Bool {
    let count = one.text.utf8.count
    let same: Bool?? = unsafe one.text.utf8.withContiguousStorageIfAvailable { one in
      unsafe other.text.utf8.withContiguousStorageIfAvailable { other in
        guard one.count == other.count else { return false }
        guard let one = one.baseAddress, let other = other.baseAddress else { return true }
        return unsafe memcmp(one, other, count) == 0
      }
    }
    return (same ?? nil) ?? one.text.utf8.elementsEqual(other.text.utf8)
  }

  func hash(into hasher: inout Hasher) {
    let done: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { buffer in
      unsafe hasher.combine(bytes: UnsafeRawBufferPointer(buffer))
    }
    if done == nil { for byte in text.utf8 { hasher.combine(byte) } }
  }
}
