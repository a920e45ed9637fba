// The one file with pointers: the solver spends its time here, and a checked access for every entry would
// cost a third of it. They are safe to use since every column number is below the width of the rows, by
// construction of the set, and since no kernel outlives the call of `solve` that made it.

/// The two things that the solver does with a row of features and the weights.
protocol RowKernel {
  /// The sum of weight · value over a row's entries.
  func product(_ row: DualRow) -> Double
  /// Adds step · value to the weight of every entry's column.
  func add(_ step: Double, _ row: DualRow)
  /// The sum of squared weights.
  func squaredNorm() -> Double
}

/// Where the entries and the weights lie.
@safe
struct RowStorage {
  let columns: UnsafePointer<UInt32>
  let weights: UnsafeMutablePointer<Double>
  let width: Int

  func squaredNorm() -> Double {
    var sum = 0.0
    for column in 0..<width { unsafe sum += weights[column] * weights[column] }
    return sum
  }
}

/// Rows of one value.
@safe
struct UniformKernel: RowKernel {
  let storage: RowStorage

  @inline(__always)
  func product(_ row: DualRow) -> Double {
    let (columns, weights) = unsafe (storage.columns, storage.weights)
    var entry = Int(row.start)
    let end = Int(row.end)
    // Four sums joined in a stated order: as fast as the machine, and the same on all of them.
    var (s0, s1, s2, s3) = (0.0, 0.0, 0.0, 0.0)
    while entry &+ 4 <= end {
      unsafe s0 += weights[Int(columns[entry])]
      unsafe s1 += weights[Int(columns[entry &+ 1])]
      unsafe s2 += weights[Int(columns[entry &+ 2])]
      unsafe s3 += weights[Int(columns[entry &+ 3])]
      entry &+= 4
    }
    while entry < end {
      unsafe s0 += weights[Int(columns[entry])]
      entry &+= 1
    }
    return ((s0 + s1) + (s2 + s3)) * row.scale
  }

  @inline(__always)
  func add(_ step: Double, _ row: DualRow) {
    let (columns, weights) = unsafe (storage.columns, storage.weights)
    let change = step * row.scale
    for entry in Int(row.start)..<Int(row.end) {
      unsafe weights[Int(columns[entry])] += change
    }
  }

  func squaredNorm() -> Double { storage.squaredNorm() }
}

/// Rows with a value for each entry.
@safe
struct StoredKernel: RowKernel {
  let storage: RowStorage
  let entries: UnsafePointer<Double>

  @inline(__always)
  func product(_ row: DualRow) -> Double {
    let (columns, weights) = unsafe (storage.columns, storage.weights)
    var entry = Int(row.start)
    let end = Int(row.end)
    var (s0, s1, s2, s3) = (0.0, 0.0, 0.0, 0.0)
    while entry &+ 4 <= end {
      unsafe s0 += weights[Int(columns[entry])] * entries[entry]
      unsafe s1 += weights[Int(columns[entry &+ 1])] * entries[entry &+ 1]
      unsafe s2 += weights[Int(columns[entry &+ 2])] * entries[entry &+ 2]
      unsafe s3 += weights[Int(columns[entry &+ 3])] * entries[entry &+ 3]
      entry &+= 4
    }
    while entry < end {
      unsafe s0 += weights[Int(columns[entry])] * entries[entry]
      entry &+= 1
    }
    return (s0 + s1) + (s2 + s3)
  }

  @inline(__always)
  func add(_ step: Double, _ row: DualRow) {
    let (columns, weights) = unsafe (storage.columns, storage.weights)
    for entry in Int(row.start)..<Int(row.end) {
      unsafe weights[Int(columns[entry])] += step * entries[entry]
    }
  }

  func squaredNorm() -> Double { storage.squaredNorm() }
}

/// Rows scaled by row and by column.
@safe
struct ScaledKernel: RowKernel {
  let storage: RowStorage
  let columnScales: UnsafePointer<Double>

  @inline(__always)
  func product(_ row: DualRow) -> Double {
    let (columns, weights) = unsafe (storage.columns, storage.weights)
    var entry = Int(row.start)
    let end = Int(row.end)
    var (s0, s1, s2, s3) = (0.0, 0.0, 0.0, 0.0)
    while entry &+ 4 <= end {
      let (c0, c1) = unsafe (Int(columns[entry]), Int(columns[entry &+ 1]))
      let (c2, c3) = unsafe (Int(columns[entry &+ 2]), Int(columns[entry &+ 3]))
      unsafe s0 += weights[c0] * columnScales[c0]
      unsafe s1 += weights[c1] * columnScales[c1]
      unsafe s2 += weights[c2] * columnScales[c2]
      unsafe s3 += weights[c3] * columnScales[c3]
      entry &+= 4
    }
    while entry < end {
      let column = unsafe Int(columns[entry])
      unsafe s0 += weights[column] * columnScales[column]
      entry &+= 1
    }
    return ((s0 + s1) + (s2 + s3)) * row.scale
  }

  @inline(__always)
  func add(_ step: Double, _ row: DualRow) {
    let (columns, weights) = unsafe (storage.columns, storage.weights)
    let change = step * row.scale
    for entry in Int(row.start)..<Int(row.end) {
      let column = unsafe Int(columns[entry])
      unsafe weights[column] += change * columnScales[column]
    }
  }

  func squaredNorm() -> Double { storage.squaredNorm() }
}

/// Runs the solver with the kernel that fits the values.
func solve(_ problem: Problem) -> Solution {
  let rows = problem.features.rows
  var weights = [Double](repeating: 0, count: rows.width)
  var solution = unsafe rows.columns.withUnsafeBufferPointer { columns in
    unsafe weights.withUnsafeMutableBufferPointer { weights in
      guard let columns = columns.baseAddress, let weights = weights.baseAddress else {
        return Solution(problem)
      }
      return unsafe solve(
        problem, RowStorage(columns: columns, weights: weights, width: rows.width))
    }
  }
  solution.weights = weights
  return solution
}

private func solve(_ problem: Problem, _ storage: RowStorage) -> Solution {
  switch problem.features.values {
  case .uniform:
    DualCoordinateDescent(problem, UniformKernel(storage: storage)).run()
  case .stored(let entries):
    unsafe entries.withUnsafeBufferPointer { entries in
      guard let entries = entries.baseAddress else { return Solution(problem) }
      let kernel = unsafe StoredKernel(storage: storage, entries: entries)
      return DualCoordinateDescent(problem, kernel).run()
    }
  case .scaled(_, let columnScales):
    unsafe columnScales.withUnsafeBufferPointer { columnScales in
      guard let columnScales = columnScales.baseAddress else { return Solution(problem) }
      let kernel = unsafe ScaledKernel(storage: storage, columnScales: columnScales)
      return DualCoordinateDescent(problem, kernel).run()
    }
  }
}
