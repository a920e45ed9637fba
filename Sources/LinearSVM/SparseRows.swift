/// Which columns each row has, in compressed form.
///
/// The column numbers of row i are `columns[offsets[i]..<offsets[i + 1]]`. Both arrays hold 32-bit numbers.
struct SparseRows: Sendable, Hashable {
  var offsets: [UInt32] = [0]
  var columns: [UInt32] = []
  var width = 0

  var count: Int { offsets.count - 1 }

  func range(_ row: Int) -> Range<Int> { Int(offsets[row])..<Int(offsets[row + 1]) }
}
