import Glibc

/// The file that tools/benches/learning/harness.swift reads.
struct SetFile {
  private let file: UnsafeMutablePointer<FILE>

  init(path: String, rows: Int) {
    guard let file = fopen(path, "wb") else { fatalError("cannot write \(path)") }
    self.file = file
    write(UInt32(rows))
  }

  func write(_ application: Application, number: Int) {
    write(UInt64(number))
    write(UInt8(application.isOK ? 1 : 0))
    write(UInt32(application.nouns.count))
    for (term, count) in application.nouns {
      write(term)
      write(count)
    }
  }

  func close() { fclose(file) }

  private func write<Number: FixedWidthInteger>(_ number: Number) {
    withUnsafeBytes(of: number.littleEndian) { _ = fwrite($0.baseAddress, 1, $0.count, file) }
  }
}
