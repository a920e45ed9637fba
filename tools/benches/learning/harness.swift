// Compiled together with the sources of the module LinearSVM, so that a single solve can be timed with the
// stopping rule that a comparison asks for.
//
//   harness solve FILE C RELATIVE ABSOLUTE REPRESENTATION   one solve on the whole set
//   harness solver FILE C REPRESENTATION                     a solve for each relative gap read
//   harness train FILE THREADS [C [REPRESENTATION]]          a whole training
//   harness draws FILE DRAWS OUT [C [REPRESENTATION]]        many trainings on parts of the set
//
// FILE: number of rows, then for each row number (u64), label (u8), number of terms (u32), and terms as
// pairs of number and count (u32 each), all least significant byte first. Answers are lines of JSON.

import Glibc

/// Reads numbers from a file through a buffer.
struct Reader {
  private let file: UnsafeMutablePointer<FILE>
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private var position = 0
  private var end = 0

  init(_ path: String) {
    guard let file = fopen(path, "rb") else { fatalError("cannot read \(path)") }
    self.file = file
  }

  mutating func number<Number: FixedWidthInteger>(_: Number.Type = Number.self) -> Number {
    let size = Number.bitWidth / 8
    if end - position < size {
      buffer.replaceSubrange(0..<(end - position), with: buffer[position..<end])
      end -= position
      position = 0
      end += buffer.withUnsafeMutableBytes { fread($0.baseAddress! + end, 1, $0.count - end, file) }
    }
    defer { position += size }
    return buffer.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: Number.self) }
  }
}

struct Row {
  var number: UInt64
  var label: Bool
  var terms: [(UInt32, UInt32)]
}

func name(_ term: UInt32) -> [UInt8] {
  var digits: [UInt8] = []
  var rest = term
  for _ in 0..<7 {
    digits.append(UInt8(ascii: "0") + UInt8(rest % 10))
    rest /= 10
  }
  return digits.reversed()
}

func readRows(_ path: String) -> [Row] {
  var reader = Reader(path)
  return (0..<reader.number(UInt32.self)).map { _ in
    let (number, label) = (reader.number(UInt64.self), reader.number(UInt8.self))
    let count = reader.number(UInt32.self)
    return Row(
      number: number, label: label == 1,
      terms: (0..<count).map { _ in (reader.number(), reader.number()) })
  }
}

/// Straight from the file into the builder, as a log's records would be.
func readSet(_ path: String) throws -> TrainingSet {
  var reader = Reader(path)
  var builder = TrainingSetBuilder()
  var names: [[UInt8]] = []
  for _ in 0..<reader.number(UInt32.self) {
    builder.begin(number: reader.number(), label: reader.number(UInt8.self) == 1)
    for _ in 0..<reader.number(UInt32.self) {
      let term = Int(reader.number(UInt32.self))
      while names.count <= term { names.append(name(UInt32(names.count))) }
      let bytes = names[term]
      builder.add(bytes.span, count: reader.number())
    }
  }
  return try builder.finish()
}

func seconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

func fingerprint(_ bytes: [UInt8]) -> String {
  var state: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
  return String(state, radix: 16)
}

final class Results: @unchecked Sendable {
  var slots: [SolveResult?]
  init(_ count: Int) { slots = Array(repeating: nil, count: count) }
}

func run(_ jobs: [SolveJob], threads: Int) -> [SolveResult] {
  let results = Results(jobs.count)
  var handles: [pthread_t] = []
  for worker in 0..<threads {
    let body: () -> Void = {
      for index in stride(from: worker, to: jobs.count, by: threads) {
        results.slots[index] = jobs[index].run()
      }
    }
    var handle = pthread_t()
    pthread_create(
      &handle, nil,
      { context in
        Unmanaged<Box>.fromOpaque(context!).takeRetainedValue().body()
        return nil
      }, Unmanaged.passRetained(Box(body)).toOpaque())
    handles.append(handle)
  }
  for handle in handles { pthread_join(handle, nil) }
  return results.slots.map { $0! }
}

final class Box {
  let body: () -> Void
  init(_ body: @escaping () -> Void) { self.body = body }
}

func trained(_ set: TrainingSet, _ options: TrainingOptions, threads: Int) throws -> TrainedModel {
  var training = try Training(set, options: options)
  while true {
    if let finished = training.finished { return finished }
    try training.complete(run(training.pending, threads: threads))
  }
}

func options(_ arguments: ArraySlice<String>) -> TrainingOptions {
  var options = TrainingOptions()
  if let c = arguments.first, c != "-" { options.c = Double(c) }
  if let slug = arguments.dropFirst().first { options.representation = Representation(slug: slug) }
  return options
}

@main struct Harness {
  static func main() throws {
    let arguments = CommandLine.arguments
    switch arguments[1] {
    case "solve": try solveOnce(arguments)
    case "solver": try solver(arguments)
    case "train": try trainOnce(arguments)
    case "draws": try draws(arguments)
    default: fatalError("unknown command")
    }
  }

  static func problem(
    _ set: TrainingSet, c: String, _ representation: String, relative: String, absolute: Double
  ) -> Problem {
    let sample = [UInt32](0..<UInt32(set.count))
    return Problem(
      features: Features(set, Representation(slug: representation)!, fittedOn: sample),
      labels: set.labels, sample: sample, c: Double(c)!,
      rule: StoppingRule(relative: Double(relative)!, absolute: absolute))
  }

  static func solveOnce(_ arguments: [String]) throws {
    let start = seconds()
    let set = try readSet(arguments[2])
    let read = seconds()
    let problem = problem(
      set, c: arguments[3], arguments[6], relative: arguments[4], absolute: Double(arguments[5])!)
    let built = seconds()
    let solution = solve(problem)
    let end = seconds()
    var writer = ByteWriter()
    writer.write(solution.weights)
    print(
      "{\"read\": \(read - start), \"features\": \(built - read), \"solve\": \(end - built), \"epochs\": \(solution.certificate.epochs), \"primal\": \(solution.certificate.primal), \"gap\": \(solution.certificate.gap), \"digest\": \"\(fingerprint(writer.bytes))\"}"
    )
  }

  static func solver(_ arguments: [String]) throws {
    let set = try readSet(arguments[2])
    while let gap = readLine() {
      let problem = problem(set, c: arguments[3], arguments[4], relative: gap, absolute: .infinity)
      let start = seconds()
      let solution = solve(problem)
      print(
        "{\"solve\": \(seconds() - start), \"primal\": \(solution.certificate.primal), \"gap\": \(solution.certificate.gap)}"
      )
      fflush(nil)
    }
  }

  static func trainOnce(_ arguments: [String]) throws {
    let set = try readSet(arguments[2])
    let start = seconds()
    let model = try trained(set, options(arguments[4...]), threads: Int(arguments[3])!).model
    let end = seconds()
    print(
      "{\"seconds\": \(end - start), \"c\": \(model.c), \"representation\": \"\(model.representation.slug)\", \"logLoss\": \(model.metrics?.logLoss ?? -1), \"gap\": \"\(String(model.certificate.gap.bitPattern, radix: 16))\", \"digest\": \"\(fingerprint(model.encoded()))\"}"
    )
  }

  /// DRAWS: number of draws, then for each the number of rows and the rows as index and label (u32 each).
  /// OUT: for each draw and each row of the set, score, probability, and the ends of the interval.
  static func draws(_ arguments: [String]) throws {
    let rows = readRows(arguments[2])
    let terms = rows.map { row in row.terms.map { (term: name($0.0), count: $0.1) } }
    var reader = Reader(arguments[3])
    guard let out = fopen(arguments[4], "wb") else { fatalError("cannot write \(arguments[4])") }
    let options = options(arguments[5...])
    let start = seconds()
    var chosen: [String: Int] = [:]
    for _ in 0..<reader.number(UInt32.self) {
      let examples = (0..<reader.number(UInt32.self)).map { _ in
        let index = Int(reader.number(UInt32.self))
        return Example(
          number: rows[index].number, terms: terms[index], label: reader.number(UInt32.self) == 1)
      }
      let model = try trained(try TrainingSet(examples), options, threads: 1).model
      chosen["\(model.representation.slug) \(model.c)", default: 0] += 1
      var values: [Double] = []
      for row in terms {
        let score = model.score(row).total
        let interval = model.calibration?.interval(score) ?? (0, 10_000)
        values += [
          score, model.calibration?.probability(score) ?? -1, Double(interval.0),
          Double(interval.1),
        ]
      }
      values.withUnsafeBytes { _ = fwrite($0.baseAddress, 1, $0.count, out) }
    }
    fclose(out)
    let choices = chosen.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
    print("{\"seconds\": \(seconds() - start), \"chosen\": {\(choices.joined(separator: ", "))}}")
  }
}
