/// Makes one collection of rows of several that were filled one beside the other.
///
/// What takes longest, ``renumber(_:part:)``, can be done for every part at the same time; what comes out does
/// not depend on how the rows were divided among the parts.
public struct TermRowsJoin: Sendable {
  /// Rows of a part that follow each other.
  public typealias Stretch = (part: Int, rows: Range<Int>)

  private let table: TermTable
  /// For each part the numbers that its terms have by the UTF-8 bytes of all.
  private let numbers: [[UInt32]]

  /// Puts the terms of all parts in the order of their UTF-8 bytes.
  public init(_ parts: [TermRows]) {
    var table = TermTable()
    let joined = parts.map { part in
      (0..<UInt32(part.termCount)).map { term in
        table.identifier(part.table.bytes.span.extracting(part.table.range(term)))
      }
    }
    let ascending = table.ascending()
    var rank = [UInt32](repeating: 0, count: ascending.count)
    for (position, identifier) in ascending.enumerated() {
      rank[Int(identifier)] = UInt32(position)
    }
    self.table = table.reordered(ascending)
    numbers = joined.map { $0.map { rank[Int($0)] } }
  }

  /// Gives a part's terms the numbers that they have among all, and puts its rows in their order.
  public func renumber(_ rows: inout TermRows, part: Int) { rows.renumber(numbers[part]) }

  /// The rows of all parts, which have been renumbered, as ``TermRows/sort()`` leaves rows.
  public func rows(_ parts: consuming [TermRows], in order: [Stretch]) -> TermRows {
    TermRows(table, parts, in: order)
  }
}
