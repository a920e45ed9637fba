/// The streams of a file that show something: those that pages name as their contents, and forms.
///
/// Found without following the file's tables, which damage and tricks may have turned round; a file that
/// hides its pages' dictionaries in object streams has all its streams looked at.
struct ContentStreams {
  /// A stream that may show text.
  struct Stream {
    /// Where its dictionary lies.
    var dictionary: Range<Int>
    /// Where its bytes begin.
    var start: Int
    /// Whether it is drawn by others, wherever they want it.
    var isForm: Bool
  }

  /// The streams in the order of the file.
  private(set) var found: [Stream] = []
  private let file: [UInt8]
  private static let longestDictionary = 2_000

  /// Finds the streams of `file`.
  init(_ file: [UInt8]) {
    self.file = file
    let named =
      ImageSearch.stands("/ObjStm", in: file, within: 0..<file.count)
      ? nil : Self.contents(of: file)
    let forms = ImageSearch.places(of: "/Form", in: file)
    let objects = ImageSearch.places(of: " obj", in: file)
    var (form, object) = (0, 0)
    for place in ImageSearch.places(of: "stream", in: file)
    where place < 3 || !file[place - 3..<place].elementsEqual("end".utf8) {
      while object + 1 < objects.count, objects[object + 1] < place { object += 1 }
      guard object < objects.count, objects[object] < place,
        place - objects[object] < Self.longestDictionary
      else { continue }
      while form < forms.count, forms[form] < objects[object] { form += 1 }
      let isForm = form < forms.count && forms[form] < place
      guard isForm || named?.contains(Self.number(before: objects[object], in: file)) ?? true else {
        continue
      }
      var start = place + "stream".utf8.count
      if start < file.count, file[start] == 0x0D { start += 1 }
      if start < file.count, file[start] == 0x0A { start += 1 }
      found.append(Stream(dictionary: objects[object]..<place, start: start, isForm: isForm))
    }
  }

  /// What the file's object streams hold, each at most `limit` bytes.
  func packedObjects(atMost limit: Int) -> [[UInt8]] {
    var left = 4 * limit
    return ImageSearch.places(of: "/ObjStm", in: file).prefix(256).compactMap { place in
      let rest = file[place...].prefix(Self.longestDictionary)
      guard left > 0, let start = ImageSearch.places(of: "stream", in: Array(rest)).first else {
        return nil
      }
      var begin = place + start + "stream".utf8.count
      while begin < file.count, file[begin] == 0x0D || file[begin] == 0x0A { begin += 1 }
      let objects = Inflation.inflate(file[begin...].prefix(limit), atMost: min(limit, left))
      left -= objects.count
      return objects
    }
  }

  /// The numbers of the objects that `/Contents` names.
  private static func contents(of file: [UInt8]) -> Set<Int> {
    var numbers = Set<Int>()
    // Where each object begins, once it is asked for.
    var places: [Int: Int]?
    for place in ImageSearch.places(of: "/Contents", in: file) {
      var rest = file[(place + "/Contents".utf8.count)...].prefix(20_000)
      rest = rest.drop { $0 <= 0x20 }
      let isArray = rest.first == UInt8(ascii: "[")
      let end = UInt8(ascii: isArray ? "]" : "R")
      let list = rest.dropFirst(isArray ? 1 : 0).prefix { $0 != end }
      let values = list.split(whereSeparator: { !(0x30...0x39).contains($0) }).map {
        $0.prefix(9).reduce(0) { $0 * 10 + Int($1 - 0x30) }
      }
      // Each reference is a number and a generation.
      for index in stride(from: 0, to: values.count, by: 2) { numbers.insert(values[index]) }
      // An array may be an object of its own: then its own references are looked for as well.
      if !isArray, let number = values.first {
        let known = places ?? Self.objects(of: file)
        places = known
        if let place = known[number] { numbers.formUnion(array(at: place, in: file)) }
      }
    }
    return numbers
  }

  /// Where the keyword of each object stands, the first of those that share a number.
  private static func objects(of file: [UInt8]) -> [Int: Int] {
    let places = ImageSearch.places(of: " obj", in: file)
    return Dictionary(places.map { (number(before: $0, in: file), $0) }) { first, _ in first }
  }

  /// The references of the object whose keyword stands at `place`, if it is an array.
  private static func array(at place: Int, in file: [UInt8]) -> [Int] {
    let rest = file[(place + 4)...].prefix(20_000).drop { $0 <= 0x20 }
    guard rest.first == UInt8(ascii: "[") else { return [] }
    let values = rest.dropFirst().prefix { $0 != UInt8(ascii: "]") }
      .split(whereSeparator: { !(0x30...0x39).contains($0) })
      .map { $0.prefix(9).reduce(0) { $0 * 10 + Int($1 - 0x30) } }
    return stride(from: 0, to: values.count, by: 2).map { values[$0] }
  }

  /// The number of the object whose keyword stands at `place`, behind its generation.
  private static func number(before place: Int, in file: [UInt8]) -> Int {
    var end = place
    while end > 0, (0x30...0x39).contains(file[end - 1]) { end -= 1 }
    while end > 0, file[end - 1] <= 0x20 { end -= 1 }
    var start = end
    while start > 0, end - start < 9, (0x30...0x39).contains(file[start - 1]) { start -= 1 }
    return file[start..<end].reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  /// A stream unpacked, at most `limit` bytes; `nil` when it is packed in a way that shows no text.
  func content(of stream: Stream, atMost limit: Int) -> [UInt8]? {
    func names(_ name: StaticString) -> Bool {
      ImageSearch.stands(name, in: file, within: stream.dictionary)
    }
    guard !names("/Image"), !names("/XRef"), !names("/ObjStm"), !names("/Length1") else {
      return nil
    }
    var packed = file[stream.start..<min(file.count, stream.start + limit)]
    if names("/ASCII85Decode") || names("/A85") { packed = Self.base85(packed)[...] }
    if names("/FlateDecode") || names("/Fl ") || names("/Fl]") || names("/Fl/") {
      let content = Inflation.inflate(packed, atMost: limit, where: Self.isText)
      return content.isEmpty ? nil : content
    }
    guard !names("/Filter") || names("/ASCII85Decode"), Self.isText(packed.prefix(1024))
    else {
      return nil
    }
    let plain = Array(packed)
    return Array(plain[..<(ImageSearch.places(of: "endstream", in: plain).first ?? plain.count)])
  }

  /// What five characters for four bytes say (ISO 32000-1, 7.4.3).
  private static func base85(_ text: ArraySlice<UInt8>) -> [UInt8] {
    // One character may stand for four bytes.
    unsafe [UInt8](unsafeUninitializedCapacity: 4 * text.count + 4) { bytes, size in
      func put(_ group: UInt64, _ count: Int) {
        for place in 0..<count {
          unsafe bytes[size + place] = UInt8(truncatingIfNeeded: group >> UInt64(24 - 8 * place))
        }
        size += count
      }
      var (group, count) = (UInt64(0), 0)
      for character in text {
        switch character {
        case UInt8(ascii: "z") where count == 0: put(0, 4)
        case 0x21...0x75:
          group = group * 85 + UInt64(character - 0x21)
          count += 1
          guard count == 5 else { continue }
          put(group, 4)
          (group, count) = (0, 0)
        case UInt8(ascii: "~"):
          guard count > 1 else { return }
          for _ in count..<5 { group = group * 85 + 84 }
          put(group, count - 1)
          return
        default: continue
        }
      }
    }
  }

  /// Whether a stream's beginning is made of operators, not of a font's bytes.
  private static func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
    var strange = 0
    for byte in bytes {
      let isBlank = byte == 0x09 || byte == 0x0A || byte == 0x0C || byte == 0x0D
      strange += (byte < 0x20 && !isBlank) || byte >= 0x7F ? 1 : 0
    }
    return !bytes.isEmpty && strange * 4 < bytes.count
  }
}
