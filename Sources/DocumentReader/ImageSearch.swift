import Glibc

/// Tells by a file's bytes alone whether its images could be scanned pages.
///
/// Finding out what an image covers means that poppler draws the page a second time, as costly as reading it;
/// a portrait is not worth that. A stream's dictionary is never compressed nor encrypted.
enum ImageSearch {
  /// An A4 page at a hundred dots an inch has a million; what is legible at all has half as many.
  private static let fewestPixels = 500_000
  /// How far a name stands from the others of its dictionary.
  private static let reach = 1_000

  /// Whether the images in `file` have pixels enough, all together, to be a page.
  static func mayHoldScan(_ file: [UInt8]) -> Bool {
    var pixels = 0
    for name in places(of: "/Image", in: file) {
      // Every page of some producers names /ImageB, /ImageC and /ImageI among its procedures.
      let end = name + "/Image".utf8.count
      guard end < file.count, !Unicode.Scalar(file[end]).isASCIIWord else { continue }
      guard let width = number(after: "/Width", near: name, in: file),
        let height = number(after: "/Height", near: name, in: file)
      else { return true }
      pixels += width * height
      if pixels >= fewestPixels { return true }
    }
    return false
  }

  /// Where a name stands, from the beginning.
  static func places(of name: StaticString, in file: [UInt8]) -> [Int] {
    var found: [Int] = []
    search(for: name, in: file, within: 0..<file.count) { place in
      found.append(place)
      return true
    }
    return found
  }

  /// Whether a name stands in a part of a file.
  static func stands(_ name: StaticString, in file: [UInt8], within part: Range<Int>) -> Bool {
    var isFound = false
    search(for: name, in: file, within: part) { _ in
      isFound = true
      return false
    }
    return isFound
  }

  /// Where a name stands first in a part of a file.
  static func first(_ name: StaticString, in file: [UInt8], within part: Range<Int>) -> Int? {
    var first: Int?
    search(for: name, in: file, within: part) { place in
      first = place
      return false
    }
    return first
  }

  /// Calls `body` with the places of a name in a part of a file, until it wants no more.
  private static func search(
    for name: StaticString, in file: [UInt8], within part: Range<Int>, _ body: (Int) -> Bool
  ) {
    let length = name.utf8CodeUnitCount
    // Slashes and spaces are many, capitals and last letters are few.
    var anchor = length - 1
    for index in 0..<length where unsafe (0x41...0x5A).contains(name.utf8Start[index]) {
      anchor = index
      break
    }
    let byte = unsafe Int32(name.utf8Start[anchor])
    unsafe file.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress else { return }
      var start = part.lowerBound + anchor
      while start < part.upperBound,
        let match = unsafe memchr(base + start, byte, part.upperBound - start)
      {
        start = unsafe UnsafeRawPointer(match) - base + 1
        let place = start - 1 - anchor
        guard place + length <= part.upperBound else { break }
        if unsafe memcmp(base + place, name.utf8Start, length) == 0, !body(place) { break }
      }
    }
  }

  /// The number behind a name of the dictionary around `place`; `nil` when it is none, or stands elsewhere.
  private static func number(after name: StaticString, near place: Int, in file: [UInt8]) -> Int? {
    let dictionary = Array(file[max(0, place - reach)..<min(file.count, place + reach)])
    let middle = min(place, reach)
    let nearest = places(of: name, in: dictionary).min { abs($0 - middle) < abs($1 - middle) }
    guard let nearest else { return nil }
    let rest = dictionary[(nearest + name.utf8CodeUnitCount)...].drop {
      $0 == 0x20 || $0 == 0x0A || $0 == 0x0D
    }
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    guard (1...6).contains(digits.count) else { return nil }
    // 「12 0 R」 is no number but says where it stands.
    let behind = rest[digits.endIndex...].prefix(8).filter { $0 > 0x20 }
    guard !behind.starts(with: "0R".utf8) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }
}
