/// The names under which a file's pages know graphics states that draw nothing: `ca 0` (ISO 32000-1, 11.6.4.4).
///
/// Found without following the file's tables, as `ContentStreams` does: a name that stands for such a state on one
/// page counts on all.
struct TransparentStates {
  /// The names of states that draw nothing, without their slash.
  private(set) var hiding: Set<[UInt8]> = []
  /// The names of states that draw something again, where any hides.
  private(set) var showing: Set<[UInt8]> = []

  /// What is less opaque than this shows to nobody.
  private static let leastAlpha = 0.05

  /// Looks through `file`, in which object streams may pack the states.
  init(in file: [UInt8], packed: [[UInt8]]) {
    let texts = [file] + packed
    guard texts.contains(where: { ImageSearch.stands("/ca", in: $0, within: 0..<$0.count) }) else {
      return
    }
    hiding = Self.names(in: texts, packed) { $0 < Self.leastAlpha }
    if !hiding.isEmpty {
      showing = Self.names(in: texts, packed) { $0 >= Self.leastAlpha }.subtracting(hiding)
    }
  }

  /// The names of states of such an opacity.
  private static func names(
    in texts: [[UInt8]], _ packed: [[UInt8]], where isSuch: (Double) -> Bool
  ) -> Set<[UInt8]> {
    var names: Set<[UInt8]> = []
    var numbers = Set<Int>()
    for text in texts {
      for place in ImageSearch.places(of: "/ca", in: text)
      where alpha(place + 3, text).map(isSuch) ?? false {
        let start = opening(before: place, in: text)
        names.formUnion(name(before: start, in: text))
        if let number = object(before: start, in: text) { numbers.insert(number) }
      }
    }
    numbers.formUnion(packed.flatMap { packedObjects($0, where: isSuch) })
    guard !numbers.isEmpty else { return names }
    for text in texts {
      for place in ImageSearch.places(of: " 0 R", in: text) {
        var start = place
        while start > 0, isDigit(text[start - 1]) { start -= 1 }
        guard place - start < 9, numbers.contains(number(text[start..<place])) else { continue }
        names.formUnion(name(before: start, in: text))
      }
    }
    return names
  }

  /// The numbers of an object stream's objects that are such states: pairs of number and place come first.
  private static func packedObjects(
    _ text: [UInt8], where isSuch: (Double) -> Bool
  ) -> [Int] {
    let head = text.prefix { isDigit($0) || $0 <= 0x20 }
    let values = head.split(whereSeparator: { !isDigit($0) }).map { number($0) }
    return stride(from: 0, to: values.count / 2 * 2, by: 2).compactMap { index in
      let start = head.count + values[index + 1]
      let end = index + 3 < values.count ? head.count + values[index + 3] : text.count
      guard start < end, end <= text.count else { return nil }
      let object = Array(text[start..<end])
      let isState = ImageSearch.places(of: "/ca", in: object).contains {
        alpha($0 + 3, object).map(isSuch) ?? false
      }
      return isState ? values[index] : nil
    }
  }

  /// The number at `start`.
  private static func alpha(_ start: Int, _ text: [UInt8]) -> Double? {
    let rest = text[min(start, text.count)...].prefix(24).drop { $0 <= 0x20 }
    let digits = rest.prefix { isDigit($0) || $0 == UInt8(ascii: ".") }
    return digits.isEmpty ? nil : Double(String(decoding: digits, as: UTF8.self))
  }

  /// Where the dictionary around `place` opens.
  private static func opening(before place: Int, in text: [UInt8]) -> Int {
    var place = place
    let first = max(0, place - 500)
    while place > first, !(text[place] == 0x3C && text[place - 1] == 0x3C) { place -= 1 }
    return max(0, place - 1)
  }

  /// The name right before `place`, if one stands there.
  private static func name(before place: Int, in text: [UInt8]) -> [[UInt8]] {
    var end = place
    while end > 0, text[end - 1] <= 0x20 { end -= 1 }
    var start = end
    while start > 0, end - start < 64, text[start - 1] != UInt8(ascii: "/"), text[start - 1] > 0x20
    {
      start -= 1
    }
    guard start > 0, start < end, text[start - 1] == UInt8(ascii: "/") else { return [] }
    return [Array(text[start..<end])]
  }

  /// The number of the object that begins right before `place`.
  private static func object(before place: Int, in text: [UInt8]) -> Int? {
    let head = text[max(0, place - 24)..<place]
    let words = head.split(whereSeparator: { $0 <= 0x20 })
    guard words.count >= 3, words[words.count - 1].elementsEqual("obj".utf8) else { return nil }
    return number(words[words.count - 3].reversed().prefix(while: isDigit).reversed())
  }

  private static func number(_ digits: some Sequence<UInt8>) -> Int {
    digits.prefix(9).reduce(0) { $0 * 10 + Int($1 & 0x0F) }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
