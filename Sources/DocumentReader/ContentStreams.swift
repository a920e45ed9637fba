/// The streams of a file that show something: those that pages name as their contents, and forms.
///
/// Found without following the file's tables, which damage and tricks may have turned round; a file that
/// hides its pages' dictionaries in object streams has all its streams looked at.
struct ContentStreams {
  /// A stream that may show text.
  struct Stream {
    /// Its object's number and generation.
    var object: (number: Int, generation: Int)
    /// Where its dictionary lies.
    var dictionary: Range<Int>
    /// Where its bytes begin.
    var start: Int
    /// Whether it is drawn by others, wherever they want it.
    var isForm: Bool
    /// Whether a page names it.
    var isOfPage = false
  }

  /// What a stream holds, unpacked.
  struct Content {
    var bytes: [UInt8]
    /// Whether that is all of it.
    var isWhole: Bool
  }

  /// What is drawn in one go: the streams of a page one after another (ISO 32000-1, 7.8.2), any other alone.
  private(set) var sequences: [[Stream]] = []
  /// What the file's object streams hold.
  let packedObjects: [[UInt8]]
  private let packedPlaces: [Int: [(stream: Int, start: Int)]]
  /// Whether the file is encrypted by a key that is not known.
  let isLocked: Bool
  private let file: [UInt8]
  private let objects: ObjectPlaces
  private let decryption: Decryption?

  /// Finds the streams of `file`, of which object streams are unpacked to at most `limit` bytes each.
  init(_ file: [UInt8], atMost limit: Int) {
    self.file = file
    objects = ObjectPlaces(file)
    let objects = objects
    let encryption = Decryption.find(in: file) { objects.start(of: $0) }
    (decryption, isLocked) = (encryption.key, encryption.isNeeded && encryption.key == nil)
    guard !isLocked else {
      (packedObjects, packedPlaces) = ([], [:])
      return
    }
    packedObjects = Self.packedObjects(file, objects, encryption.key, atMost: limit)
    packedPlaces = Self.places(in: packedObjects)
    let pages = ([file] + packedObjects).flatMap { Self.pages(in: $0, objects) }
    let named =
      packedObjects.isEmpty && !pages.isEmpty ? Set(pages.joined()) : nil
    let found = Self.streams(of: file, objects, named)
    var last: [Int: Int] = [:]
    for (index, stream) in found.enumerated() { last[stream.object.number] = index }
    var isTaken = [Bool](repeating: false, count: found.count)
    var known: Set<[Int]> = []
    for page in pages where known.insert(page).inserted {
      let indices = page.compactMap { last[$0] }
      for index in indices { isTaken[index] = true }
      sequences.append(
        indices.map { index in
          var stream = found[index]
          (stream.isForm, stream.isOfPage) = (false, true)
          return stream
        })
    }
    for (index, stream) in found.enumerated() where !isTaken[index] { sequences.append([stream]) }
  }

  private static func streams(
    of file: [UInt8], _ objects: ObjectPlaces, _ named: Set<Int>?
  ) -> [Stream] {
    let forms = places(of: "/Form", in: file)
    var found: [Stream] = []
    var (form, object) = (0, 0)
    let places = objects.places
    for place in ImageSearch.places(of: "stream", in: file)
    where place < 3 || !file[place - 3..<place].elementsEqual("end".utf8) {
      while object + 1 < places.count, places[object + 1] < place { object += 1 }
      guard object < places.count, places[object] < place,
        place - places[object] < ObjectParser.longest
      else { continue }
      while form < forms.count, forms[form] < places[object] { form += 1 }
      let isForm = form < forms.count && forms[form] < place
      let identity = objects.identity(before: places[object])
      guard isForm || named?.contains(identity.number) ?? true else { continue }
      found.append(
        Stream(
          object: identity, dictionary: places[object]..<place,
          start: begin(after: place, in: file), isForm: isForm))
    }
    return found
  }

  /// Where the bytes of a stream begin whose keyword stands at `place`.
  private static func begin(after place: Int, in file: [UInt8]) -> Int {
    var start = place + "stream".utf8.count
    if start < file.count, file[start] == 0x0D { start += 1 }
    if start < file.count, file[start] == 0x0A { start += 1 }
    return start
  }

  private static func packedObjects(
    _ file: [UInt8], _ objects: ObjectPlaces, _ decryption: Decryption?, atMost limit: Int
  ) -> [[UInt8]] {
    var left = 4 * limit
    return ImageSearch.places(of: "/ObjStm", in: file).prefix(256).compactMap { place in
      let near = place..<min(file.count, place + ObjectParser.longest)
      guard left > 0, let start = ImageSearch.first("stream", in: file, within: near),
        let object = objects.last(before: place)
      else { return nil }
      var packed = file[begin(after: start, in: file)...].prefix(limit)
      if let decryption { packed = decrypted(packed, of: object, by: decryption, in: file)[...] }
      let objects = Inflation.inflate(packed, atMost: min(limit, left))
      left -= max(objects.count, decryption == nil ? 0 : packed.count)
      return objects
    }
  }

  private static func decrypted(
    _ packed: ArraySlice<UInt8>, of object: (number: Int, generation: Int),
    by decryption: Decryption, in file: [UInt8]
  ) -> [UInt8] {
    let end = ImageSearch.first(
      "endstream", in: file, within: packed.startIndex..<packed.endIndex)
    return decryption.decrypt(
      packed[..<(end ?? packed.endIndex)], of: object.number, object.generation)
  }

  /// The numbers of the objects that `/Contents` names, in the order of each page.
  private static func pages(in text: [UInt8], _ objects: ObjectPlaces) -> [[Int]] {
    var known: Set<Int> = []
    return ImageSearch.places(of: "/Contents", in: text).compactMap { place in
      var parser = ObjectParser(text, at: place + "/Contents".utf8.count)
      guard var value = parser.value() else { return nil }
      // An array may be an object of its own; once looked at, it tells nothing new.
      if case .reference(let number) = value {
        guard known.insert(number).inserted else { return nil }
        if let start = objects.start(of: number) {
          var parser = ObjectParser(objects.file, at: start)
          if let array = parser.value(), case .array = array { value = array }
        }
      }
      let numbers = value.members.compactMap { member in
        if case .reference(let number) = member { number } else { nil }
      }
      return numbers.isEmpty ? nil : numbers
    }
  }

  /// What the file's resources of a kind name, one dictionary after another, and each object once.
  func resources(named kind: StaticString) -> [(name: String, value: PDFValue)] {
    var found: [(name: String, value: PDFValue)] = []
    var known: Set<Int> = []
    for text in [file] + packedObjects {
      for place in Self.places(of: kind, in: text) {
        var parser = ObjectParser(text, at: place)
        guard parser.value()?.name != nil, var value = parser.value() else { continue }
        if case .reference(let number) = value {
          guard known.insert(number).inserted else { continue }
          value = values(of: number).first ?? value
        }
        guard case .dictionary(let entries) = value else { continue }
        found += entries.map { (name: $0.key, value: $0.value) }
        guard found.count < Self.mostResources else { return found }
      }
    }
    return found
  }

  /// What an object is, and what it is in object streams: which one counts only the file's tables would tell.
  func values(of number: Int) -> [PDFValue] {
    var places = objects.start(of: number).map { [(text: file, start: $0)] } ?? []
    places += packedPlaces[number, default: []].map { (packedObjects[$0.stream], $0.start) }
    return places.compactMap { place in
      var parser = ObjectParser(place.text, at: place.start)
      return parser.value()
    }
  }

  /// Where object streams hold each object: pairs of number and place come first (ISO 32000-1, 7.5.7).
  private static func places(
    in packed: [[UInt8]]
  ) -> [Int: [(stream: Int, start: Int)]] {
    var places: [Int: [(stream: Int, start: Int)]] = [:]
    for (stream, text) in packed.enumerated() {
      let head = text.prefix { $0 <= 0x20 || (0x30...0x39).contains($0) }
      let numbers = head.split { $0 <= 0x20 }.map { word in
        word.prefix(9).reduce(0) { $0 * 10 + Int($1 & 0x0F) }
      }
      for index in stride(from: 0, to: numbers.count / 2 * 2, by: 2) {
        places[numbers[index], default: []].append((stream, head.count + numbers[index + 1]))
      }
    }
    return places
  }

  /// The numbers of at most `limit` objects in which a name stands, and whether there are more.
  func numbers(naming name: StaticString, atMost limit: Int) -> (numbers: [Int], isCut: Bool) {
    var (found, known, next): ([Int], Set<Int>, Int) = ([], [], 0)
    for place in Self.places(of: name, in: file) {
      while next < objects.places.count, objects.places[next] < place { next += 1 }
      guard next > 0 else { continue }
      let number = objects.identity(before: objects.places[next - 1]).number
      if known.insert(number).inserted { found.append(number) }
    }
    let named = packedObjects.map { Self.places(of: name, in: $0) }
    if named.contains(where: { !$0.isEmpty }) {
      var starts = [[(start: Int, number: Int)]](repeating: [], count: named.count)
      for (number, places) in packedPlaces {
        for place in places { starts[place.stream].append((place.start, number)) }
      }
      for (stream, places) in named.enumerated() where !places.isEmpty {
        let starts = starts[stream].sorted { $0 < $1 }
        var next = 0
        for place in places {
          while next < starts.count, starts[next].start <= place { next += 1 }
          guard next > 0 else { continue }
          let number = starts[next - 1].number
          if known.insert(number).inserted { found.append(number) }
        }
      }
    }
    return (Array(found.prefix(limit)), found.count > limit)
  }

  /// Where a name stands, also one that is written with escapes (ISO 32000-1, 7.3.5), from the beginning.
  private static func places(of name: StaticString, in text: [UInt8]) -> [Int] {
    let wanted = String(name.description.dropFirst())
    let escaped = ImageSearch.places(of: "#", in: text).compactMap { place -> Int? in
      let near = max(0, place - 3 * wanted.utf8.count)..<place
      guard place + 2 < text.count, ObjectParser.digit(text[place + 1]) != nil,
        ObjectParser.digit(text[place + 2]) != nil,
        let start = text[near].lastIndex(of: UInt8(ascii: "/"))
      else { return nil }
      var parser = ObjectParser(text, at: start)
      return parser.value()?.name == wanted ? start : nil
    }
    let plain = ImageSearch.places(of: name, in: text)
    return escaped.isEmpty ? plain : (plain + escaped).sorted()
  }

  /// The first values of a key, each with the number of the object that it is of; −1 in an object stream.
  func values(ofKey key: StaticString) -> [(value: PDFValue, owner: Int)] {
    ([(text: file, isPacked: false)] + packedObjects.map { (text: $0, isPacked: true) }).flatMap {
      (text, isPacked) in
      Self.places(of: key, in: text).prefix(16).compactMap { place in
        var parser = ObjectParser(text, at: place)
        guard parser.value()?.name != nil, let value = parser.value() else { return nil }
        let owner = isPacked ? -1 : objects.last(before: place)?.number ?? -1
        return resolved(value, in: owner)
      }
    }
  }

  /// What a value of object `owner` refers to in the end, and the number of the object that it is of; `nil` for nothing.
  func resolved(_ value: PDFValue, in owner: Int) -> (value: PDFValue, owner: Int)? {
    var (value, owner) = (value, owner)
    for _ in 0..<32 {
      guard case .reference(let number) = value else {
        if case .keyword(let word) = value, word.elementsEqual("null".utf8) { return nil }
        return (value, owner)
      }
      guard let next = values(of: number).first else { return nil }
      (value, owner) = (next, number)
    }
    return nil
  }

  /// What a value refers to in the end; `nil` for nothing.
  func resolved(_ value: PDFValue) -> PDFValue? { resolved(value, in: -1)?.value }

  /// A string of an object as it is meant: in a file that is encrypted, strings outside of object streams are as well.
  func decrypted(_ string: [UInt8], of number: Int) -> [UInt8] {
    guard let decryption, number >= 0, packedPlaces[number] == nil else { return string }
    return decryption.decrypt(string[...], of: number, 0)
  }

  /// No honest file names more.
  private static let mostResources = 100_000

  /// The numbers of an array in a stream's dictionary; `nil` where there is none.
  func numbers(of key: StaticString, in stream: Stream) -> [Double]? {
    guard let place = ImageSearch.first(key, in: file, within: stream.dictionary) else {
      return nil
    }
    let rest = file[(place + key.utf8CodeUnitCount)..<stream.dictionary.upperBound]
    guard let start = rest.firstIndex(of: UInt8(ascii: "[")),
      let end = rest[start...].firstIndex(of: UInt8(ascii: "]")), end - start < 512
    else { return nil }
    let words = rest[(start + 1)..<end].split { $0 <= 0x20 }
    let numbers = words.compactMap { Double(String(decoding: $0, as: UTF8.self)) }
    return numbers.count == words.count ? numbers : nil
  }

  /// A stream unpacked, at most `limit` bytes; `nil` when it is none that shows text.
  func content(of stream: Stream, atMost limit: Int) -> Content? {
    var parser = ObjectParser(file, at: stream.dictionary.lowerBound + " obj".utf8.count)
    let dictionary = parser.value()
    let kind = dictionary?["Subtype"]?.name ?? ""
    let mustBeText = !stream.isOfPage && kind != "Form"
    if !stream.isOfPage {
      let type = dictionary?["Type"]?.name ?? ""
      guard kind != "Image", type != "XRef", type != "ObjStm", dictionary?["Length1"] == nil
      else { return nil }
    }
    let unknown = stream.isOfPage ? Content(bytes: [], isWhole: false) : nil
    let filters = (dictionary?["Filter"]?.members ?? []).map { $0.name.flatMap(StreamFilter.init) }
    let isPredicted = (dictionary?["DecodeParms"]?.members ?? []).contains {
      $0["Predictor"]?.number ?? 1 > 1
    }
    guard dictionary != nil, !filters.contains(where: { $0 == nil }), !isPredicted else {
      return unknown
    }
    var bytes = file[stream.start..<min(file.count, stream.start + limit)]
    if let decryption, !filters.contains(StreamFilter.none) {
      bytes = Self.decrypted(bytes, of: stream.object, by: decryption, in: file)[...]
    } else if filters.isEmpty {
      let end = ImageSearch.first("endstream", in: file, within: bytes.startIndex..<bytes.endIndex)
      bytes = bytes[..<(end ?? bytes.endIndex)]
    }
    let isWanted = { mustBeText ? Self.isText($0) : true }
    for (index, filter) in filters.enumerated() {
      guard let filter else { return unknown }
      let isLast = index == filters.count - 1
      bytes = filter.unpack(bytes, atMost: limit, where: { !isLast || isWanted($0) })[...]
    }
    guard isWanted(bytes.prefix(1024)) else { return nil }
    return Content(bytes: Array(bytes), isWhole: bytes.count < limit)
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
