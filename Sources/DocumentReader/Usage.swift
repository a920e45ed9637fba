import Glibc

/// What reading one document took.
public struct Usage: Sendable, Hashable {
  /// Time on the wall, from asking a worker to its answer, in microseconds.
  public var wallMicroseconds = 0
  /// Processor time of the worker, in microseconds.
  public var processorMicroseconds = 0
  /// The most memory that the worker has held since it started, in bytes; of a worker's first document, what
  /// that document and the dictionary took.
  public var peakMemoryBytes = 0

  /// Nothing used.
  public init() {}
}

extension Usage {
  /// What a process has used of the processor, and the most memory it held.
  init(_ usage: rusage) {
    func microseconds(_ time: timeval) -> Int { Int(time.tv_sec) * 1_000_000 + Int(time.tv_usec) }
    processorMicroseconds = microseconds(usage.ru_utime) + microseconds(usage.ru_stime)
    peakMemoryBytes = usage.ru_maxrss << 10
  }

  /// Adds what another process has used, one after the other.
  mutating func add(_ other: Usage) {
    wallMicroseconds += other.wallMicroseconds
    processorMicroseconds += other.processorMicroseconds
    peakMemoryBytes = max(peakMemoryBytes, other.peakMemoryBytes)
  }

  /// What this process has used until now.
  static var ofThisProcess: Usage {
    var usage = rusage()
    _ = unsafe getrusage(RUSAGE_SELF.rawValue, &usage)
    return Usage(usage)
  }

  /// Puts what the worker knows before its answer.
  func write(to writer: inout ByteWriter) {
    writer.write(processorMicroseconds)
    writer.write(peakMemoryBytes)
  }

  /// Reads what `write` wrote.
  init(reading reader: inout ByteReader) throws(CodingError) {
    processorMicroseconds = try reader.integer()
    peakMemoryBytes = try reader.integer()
  }
}
