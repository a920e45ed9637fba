/// What is no word: addresses of pages and mail, telephone and postal numbers, dates, long runs of letters.
///
/// They stay in the text and are hidden from the analysis, which would cut them into single letters, and
/// which has no use for what belongs to one person.
enum Mask {
  /// The version of the patterns, part of the fingerprint.
  static let version = "2"

  /// A copy of `text` of the same length in bytes, with spaces where something is hidden.
  static func hide(in text: [UInt8]) -> [UInt8] {
    var masked = text
    var scanner = MaskScanner(text)
    while let range = scanner.next() {
      for index in range { masked[index] = 0x20 }
    }
    return masked
  }
}

/// Finds what is to be hidden, from the beginning to the end; every byte is looked at a bounded number of
/// times.
private struct MaskScanner {
  private let bytes: [UInt8]
  private var place = 0
  private static let longestWord = 24

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next range to hide.
  mutating func next() -> Range<Int>? {
    var isInWord = place > 0 && Self.isWord(bytes[place - 1])
    while place < bytes.count {
      // 〒, and marks that come before a telephone number, open nothing by themselves: the digits do.
      let isWord = Self.isWord(bytes[place])
      if isWord, !isInWord, let end = match(at: place) {
        defer { place = end }
        return place..<end
      }
      isInWord = isWord
      place += 1
    }
    return nil
  }

  private func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

  private func match(at start: Int) -> Int? {
    // Most runs are a number or a name.
    let (end, mayBeAddress) = runEnd(start)
    if mayBeAddress, let address = address(start, end) { return address }
    if end - start > Self.longestWord, let run = plainRun(start) { return run }
    return Self.isDigit(bytes[start]) ? number(start) : eraDate(start)
  }

  /// A run of letters and digits that is longer than any word.
  private func plainRun(_ start: Int) -> Int? {
    var end = start
    while Self.isWord(byte(end)) { end += 1 }
    return end - start > Self.longestWord ? end : nil
  }

  /// The end of the characters that an address may have, and whether it has a dot, an @ or a colon.
  private func runEnd(_ start: Int) -> (end: Int, mayBeAddress: Bool) {
    var (end, mayBeAddress) = (start, false)
    while end < bytes.count, bytes[end] > 0x20, bytes[end] < 0x7F, end - start < 2048 {
      if bytes[end] == 0x2E || bytes[end] == 0x40 || bytes[end] == 0x3A { mayBeAddress = true }
      end += 1
    }
    return (end, mayBeAddress)
  }

  /// A URL, a mail address, or a name of a host.
  private func address(_ start: Int, _ end: Int) -> Int? {
    let run = bytes[start..<end]
    let lower = run.prefix(8).map { $0 | 0x20 }
    for scheme in ["http://", "https://", "ftp://", "www."]
    where lower.starts(with: scheme.utf8.map { $0 | 0x20 }) {
      return trimmed(start, end)
    }
    guard let at = run.firstIndex(of: 0x40), at > start else { return host(run) }
    let local = bytes[start..<at]
    guard local.allSatisfy({ Self.isWord($0) || ".+-_".utf8.contains($0) }) else { return nil }
    var host = at + 1
    var dots = 0
    while Self.isWord(byte(host)) || byte(host) == 0x2E || byte(host) == 0x2D {
      if byte(host) == 0x2E { dots += 1 }
      host += 1
    }
    return dots > 0 && host > at + 3 ? host : nil
  }

  /// A host with a path behind it, or one that ends as those of Japanese firms and schools do.
  ///
  /// Names such as ASP.NET/C# and Socket.io end in what may also end hosts, and are none.
  private func host(_ run: ArraySlice<UInt8>) -> Int? {
    guard run.contains(0x2E) else { return nil }
    let host = run.prefix { Self.isWord($0) || $0 == 0x2E || $0 == 0x2D }.map { $0 | 0x20 }
    let end = run.startIndex + host.count
    func hasEnding(_ endings: [String]) -> Bool {
      // Setting a bit makes letters small and changes neither dots nor figures.
      endings.contains {
        host.count > $0.utf8.count && host.suffix($0.utf8.count).elementsEqual($0.utf8)
      }
    }
    if hasEnding([".co.jp", ".ne.jp", ".or.jp", ".ac.jp", ".go.jp"]) {
      return trimmed(run.startIndex, run.endIndex)
    }
    guard byte(end) == 0x2F, hasEnding([".com", ".jp", ".org", ".dev", ".info"]) else { return nil }
    return trimmed(run.startIndex, run.endIndex)
  }

  /// A date whose year counts from an era: H30.3.31, S63/10.
  private func eraDate(_ start: Int) -> Int? {
    guard "MTSHR".utf8.contains(bytes[start]) else { return nil }
    var (values, end) = ([Int](), start + 1)
    while values.count < 3, Self.isDigit(byte(end)) {
      var value = 0
      let digits = bytes[end...].prefix(3).prefix(while: Self.isDigit)
      for digit in digits { value = value * 10 + Int(digit - 0x30) }
      guard digits.count <= 2 else { return nil }
      values.append(value)
      end += digits.count
      guard values.count < 3, [0x2D, 0x2E, 0x2F].contains(byte(end)), Self.isDigit(byte(end + 1))
      else { break }
      end += 1
    }
    if values.count == 1, has("年", at: end) { return end }
    guard values.count >= 2, (1...64).contains(values[0]), (1...12).contains(values[1]),
      values.count < 3 || (1...31).contains(values[2]), !Self.isWord(byte(end))
    else { return nil }
    return end
  }

  private func has(_ text: String, at place: Int) -> Bool {
    place < bytes.count && bytes[place...].starts(with: text.utf8)
  }

  private func trimmed(_ start: Int, _ end: Int) -> Int {
    var end = end
    while end > start + 1, ".,;:!?)]}>'\"".utf8.contains(bytes[end - 1]) { end -= 1 }
    return end
  }

  /// A telephone number, a postal number, or a date: digits in groups.
  private func number(_ start: Int) -> Int? {
    var groups: [(value: Int, digits: Int)] = []
    var separators: [UInt8] = []
    var end = start
    while groups.count < 4 {
      var (value, digits) = (0, 0)
      while Self.isDigit(byte(end)), digits < 12 {
        value = value * 10 + Int(byte(end) - 0x30)
        digits += 1
        end += 1
      }
      groups.append((value, digits))
      if byte(end) == 0x29, Self.isDigit(byte(end + 1)) || byte(end + 1) == 0x2D {
        end += 1
        separators.append(0x2D)
        if byte(end) == 0x2D { end += 1 }
        continue
      }
      if byte(end) >= 0xE2, let dash = ["ー", "―", "—", "−"].first(where: { has($0, at: end) }),
        Self.isDigit(byte(end + dash.utf8.count))
      {
        separators.append(0x2D)
        end += dash.utf8.count
        continue
      }
      guard [0x2D, 0x2F, 0x2E, 0x28].contains(byte(end)), Self.isDigit(byte(end + 1)) else { break }
      separators.append(byte(end))
      end += 1
    }
    // 「3日生」 is a day of birth; the dictionary knows a company of that name.
    if groups.count == 1, has("日生", at: end) { return end + "日生".utf8.count }
    guard !Self.isWord(byte(end)) else { return nil }
    let lengths = groups.map(\.digits)
    let dashes = separators.allSatisfy { $0 == 0x2D || $0 == 0x28 }
    // 03-1234-5678, 090-1234-5678, 0120-123-456, +81-3-1234-5678
    if dashes, groups.count >= 3, lengths.reduce(0, +) >= 9 { return end }
    if groups.count == 1, lengths[0] >= 10, bytes[start] == 0x30 { return end }
    // 150-0001
    if dashes, lengths == [3, 4] { return end }
    return isDate(groups, separators) ? end : nil
  }

  private func isDate(_ groups: [(value: Int, digits: Int)], _ separators: [UInt8]) -> Bool {
    guard let separator = separators.first, separators.allSatisfy({ $0 == separator }),
      groups.count == 2 || groups.count == 3, groups[0].digits == 4,
      (1900...2100).contains(groups[0].value), (1...12).contains(groups[1].value)
    else { return false }
    return groups.count == 2 || (1...31).contains(groups[2].value)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
