import Foundation

/// Flips a bit of every copy of `bytes` in a data folder's log, and tells how many there were.
///
/// Pages that LMDB has let go keep old copies, so the first need not be the live one.
public func flip(_ bytes: some Sequence<UInt8>, bit: Int, inLogOf directory: String) throws -> Int {
  let url = URL(fileURLWithPath: directory + "/log/data.mdb")
  var file = try Data(contentsOf: url)
  let pattern = Data(bytes)
  var count = 0
  var start = file.startIndex
  while let range = file.range(of: pattern, in: start..<file.endIndex) {
    file[range.lowerBound + bit / 8] ^= 1 << UInt8(bit % 8)
    count += 1
    start = range.upperBound
  }
  try file.write(to: url)
  return count
}
