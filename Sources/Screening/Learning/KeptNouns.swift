import Cryptography
import DocumentReader
import EventStore
import LinearSVM
import Projections

/// The nouns of applicants as an earlier training took them from what is recorded, so that the next one need not open
/// and decode every word that they wrote: most of the time between a log and a model.
///
/// A row of the table holds one applicant's counted nouns, and what they were made of: the version of this code, the
/// lexicon, the sealed name and addresses, the readings. Where any of it is another now, or where there is no row,
/// the record is read; so rows may go at any time, and a model has the same bits with them and without. Rows are
/// sealed under the applicant's own key, spellings and all, and the fold of an erasure removes them; one that another
/// training puts back at that moment is of no use without the key. Audits that repeat a training read the record alone.
///
/// It takes 2 to 4 KB an applicant, a tenth of what the log takes.
struct KeptNouns {
  /// applicant → the row, sealed.
  static let table = ViewTable("nouns")

  /// The version of what chooses nouns from a reading and of the rows, to be raised with any change in either.
  private static let version: UInt8 = 2
  private static let purpose = "nouns"
  /// Rows are written when they take about so many bytes.
  private static let portion = 1 << 20

  private let office: Office
  private let lexicon: Digest
  private var opened: [UInt8] = []
  private var unwritten: [(key: [UInt8], value: [UInt8])] = []
  private var unwrittenSize = 0

  /// Reads and keeps what a lexicon leaves of nouns.
  init(_ office: Office, without lexicon: Digest) {
    self.office = office
    self.lexicon = lexicon
  }

  /// Adds the nouns of some dozens of applicants to a table; adds none and returns false when those of one of them
  /// are not kept.
  mutating func read(
    _ applicants: ArraySlice<ReadApplicant>, into table: inout NounTable
  ) throws(ScreeningError) -> Bool {
    let values = try recorded { () throws(ViewError) in
      try office.views.kept(at: applicants.map(\.number.rawValue.viewKey), in: Self.table)
    }
    guard let values else { return false }
    opened.removeAll(keepingCapacity: true)
    let sealed = zip(applicants, values).map { (subject: $0.own.name.subject, sealed: $1) }
    let ranges: [Range<Int>]?
    do throws(EventLogError) {
      ranges = try office.log.openAside(sealed, purpose: Self.purpose, into: &opened)
    } catch {
      // Whether anything is to be opened with a key that is lost, the record tells.
      guard case .damaged = error else { throw ScreeningError(error) }
      return false
    }
    guard let ranges else { return false }
    var rows: [KeptRow] = []
    for (applicant, range) in zip(applicants, ranges) {
      guard let row = KeptRow(opened, at: range, of: basis(of: applicant)) else { return false }
      rows.append(row)
    }
    for row in rows {
      table.begin(upTo: table.count)
      table.add(row.nouns, in: opened.span, excluded: row.excluded)
    }
    return true
  }

  /// Keeps the nouns of applicants, whose rows in a table begin with number `first`.
  mutating func keep(
    _ applicants: ArraySlice<ReadApplicant>, of table: NounTable, from first: Int
  ) {
    let rows = applicants.enumerated().map { place, applicant in
      (
        subject: applicant.own.name.subject,
        plaintext: KeptRow.encode(table, first + place, of: basis(of: applicant))
      )
    }
    // What cannot be kept is read from the record the next time.
    guard let sealed = try? office.log.sealAside(rows, purpose: Self.purpose) else { return }
    for (applicant, value) in zip(applicants, sealed) {
      guard let value else { continue }
      unwritten.append((applicant.number.rawValue.viewKey, value))
      unwrittenSize += value.count
    }
    if unwrittenSize >= Self.portion { finish() }
  }

  /// Writes what has not been written yet.
  mutating func finish() {
    try? office.views.keep(unwritten, in: Self.table)
    unwritten.removeAll(keepingCapacity: true)
    unwrittenSize = 0
  }

  /// Everything that an applicant's nouns depend on; events and sealed values never change.
  private func basis(of applicant: ReadApplicant) -> [UInt8] {
    var basis = [Self.version]
    basis.reserveCapacity(128)
    basis += lexicon.bytes
    for (purpose, value) in applicant.own.all {
      basis += purpose.rawValue.utf8
      basis += value.sealed.bytes
    }
    for reading in applicant.readings { reading.rawValue.write(to: &basis) }
    return basis
  }
}

/// One applicant's row: the length of the basis and the basis, how many tokens were dropped, how many nouns there are,
/// and for each its count, its length and its bytes; numbers as LEB128.
private struct KeptRow {
  var excluded: Int
  /// Where the nouns stand in the opened rows.
  var nouns: [TermPlace] = []

  static func encode(_ table: NounTable, _ index: Int, of basis: [UInt8]) -> [UInt8] {
    var encoder = RowEncoder()
    encoder.encode(basis.count)
    encoder.encode(fixed: basis)
    encoder.encode(table.excluded[index])
    encoder.encode(table.nouns.termCount(ofRow: index))
    table.nouns.forEachTerm(ofRow: index) { term, count in
      encoder.encode(UInt64(count))
      encoder.encode(term.count)
      for place in term.indices { encoder.bytes.append(term[place]) }
    }
    return encoder.bytes
  }

  /// Reads a row; `nil` for one of another basis.
  init?(_ rows: [UInt8], at range: Range<Int>, of basis: [UInt8]) {
    var place = range.lowerBound
    func number() -> Int? {
      var (value, shift) = (UInt64(0), UInt64(0))
      while place < range.upperBound, shift < 56 {
        let byte = rows[place]
        place += 1
        value |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { return Int(value) }
        shift += 7
      }
      return nil
    }
    guard number() == basis.count, range.upperBound - place >= basis.count else { return nil }
    for byte in basis {
      guard rows[place] == byte else { return nil }
      place += 1
    }
    guard let excluded = number(), let count = number(), count <= range.upperBound - place else {
      return nil
    }
    self.excluded = excluded
    nouns.reserveCapacity(count)
    for _ in 0..<count {
      guard let count = number().flatMap({ UInt32(exactly: $0) }), let length = number(),
        length <= range.upperBound - place
      else { return nil }
      nouns.append(TermPlace(place..<(place + length), count: count))
      place += length
    }
    guard place == range.upperBound else { return nil }
  }
}
