import Cryptography
import LMDB

// What is worked out of sealed values may be kept outside the log, to spare doing so again. Sealed under the same
// people's keys it is destroyed with them, wherever it lies.

extension EventLog {
  /// Seals what was worked out of people's values, to be kept outside the log.
  ///
  /// - Parameter purpose: bound into the ciphertexts; opening needs the same.
  /// - Returns: the ciphertexts in the order of `values`; `nil` in the place of somebody who was erased.
  public func sealAside(
    _ values: [(subject: SubjectID, plaintext: [UInt8])], purpose: String
  ) throws(EventLogError) -> [[UInt8]?] {
    var sealed: [[UInt8]?] = []
    try withKeys(of: values.map(\.subject)) { (index, subject) throws(EventLogError) in
      guard let subject else {
        sealed.append(nil)
        return true
      }
      do throws(CryptographyError) {
        sealed.append(
          try ChunkedEncryption.seal(
            values[index].plaintext, key: subject.key,
            context: Self.asideContext(purpose, subject.id), random: random))
      } catch {
        throw .storage(operation: "seal a value", reason: "\(error)")
      }
      return true
    }
    return sealed
  }

  /// Opens what `sealAside` sealed, one value after another, with the keys of one snapshot: some dozens of people
  /// at a time.
  ///
  /// - Parameter plaintexts: what the plaintexts are appended to.
  /// - Returns: where each stands in `plaintexts`; `nil` when one cannot be opened: its person was erased, or it was
  ///   not sealed for that person and purpose.
  public func openAside(
    _ values: [(subject: SubjectID, sealed: [UInt8])], purpose: String,
    into plaintexts: inout [UInt8]
  ) throws(EventLogError) -> [Range<Int>]? {
    var opener: ChunkedOpener
    do throws(CryptographyError) { opener = try ChunkedOpener() } catch {
      throw .storage(operation: "open a sealed value", reason: "\(error)")
    }
    var ranges: [Range<Int>] = []
    try withKeys(of: values.map(\.subject)) { (index, subject) throws(EventLogError) in
      guard let subject else { return false }
      let (sealed, start) = (values[index].sealed, plaintexts.count)
      do throws(CryptographyError) {
        try opener.open(
          sealed.span, key: KeyedSHA256(key: subject.key),
          context: Self.asideContext(purpose, subject.id), into: &plaintexts)
      } catch { return false }
      ranges.append(start..<plaintexts.count)
      return true
    }
    return ranges.count == values.count ? ranges : nil
  }

  /// Calls `body` with each index and the subject with its key, `nil` for one who was erased, until it returns false.
  private func withKeys(
    of subjects: [SubjectID], _ body: (Int, Subject?) throws(EventLogError) -> Bool
  ) throws(EventLogError) {
    try snapshot { (transaction) throws(EventLogError) in
      let unwrapping = try keyring.unwrapping(in: transaction)
      for (index, id) in subjects.enumerated() {
        var subject: Subject?
        do throws(EventLogError) {
          subject = try keyring.subject(id, in: transaction, unwrapping)
        } catch {
          guard case .erased = error else { throw error }
        }
        guard try body(index, subject) else { return }
      }
    }
  }

  private static func asideContext(_ purpose: String, _ subject: SubjectID) -> [UInt8] {
    Array("senko value kept aside v1\n\(purpose)\n".utf8) + subject.bytes
  }
}
