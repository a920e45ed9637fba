import Cryptography

/// Which rows beside the events some event names, by eight bytes of each: enough to find one that none does.
///
/// They are of random ids and digests. Two that are alike by chance, one in 10^19 pairs, would hide a row.
struct NamedRows: Sendable {
  private(set) var sealed: [UInt64] = []
  private(set) var documents: [UInt64] = []
  private(set) var blobs: [UInt64] = []
  private(set) var subjects: [UInt64] = []

  /// Adds what an event names.
  mutating func add(_ reference: EventReference) {
    switch reference {
    case .sealed(let sealed): add(sealed)
    case .blob(let blob): blobs.append(blob.prefix)
    }
  }

  /// Adds a sealed value or a file, and whose it is.
  private mutating func add(_ reference: SealedReference) {
    let place = Self.place(reference.subject, reference.sealed)
    if reference.place == .table { sealed.append(place) } else { documents.append(place) }
    // Most name the same one as those before them.
    let subject = reference.subject.words.0
    if subjects.last != subject { subjects.append(subject) }
  }

  /// Adds what others have found.
  mutating func add(_ other: NamedRows) {
    sealed += other.sealed
    documents += other.documents
    blobs += other.blobs
    subjects += other.subjects
  }

  /// Puts everything in order, to be looked up.
  mutating func sort() {
    sealed.sort()
    documents.sort()
    blobs.sort()
    subjects.sort()
  }

  /// Eight bytes of a row's key, subject ‖ digest.
  static func place(_ subject: SubjectID, _ digest: Digest) -> UInt64 {
    subject.words.0 ^ digest.prefix
  }
}

extension [UInt64] {
  /// Whether a number is among these, which are in order.
  func containsSorted(_ number: UInt64) -> Bool {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low] == number
  }
}
