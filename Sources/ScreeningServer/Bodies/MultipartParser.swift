/// Takes a `multipart/form-data` body (RFC 7578) apart while it arrives.
///
/// Pieces may be cut anywhere. What is kept is only the parts' contents and at most one delimiter's
/// length of what may become a delimiter.
struct MultipartParser: Sendable {
  /// One part of the body.
  struct Part: Sendable, Hashable {
    let name: String
    let fileName: String?
    var content: [UInt8] = []
  }

  /// What a body may hold.
  struct Limits: Sendable {
    var parts = 64
    var header = 8192
  }

  /// Why a body is refused, as a whole sentence.
  struct Fault: Error, Sendable, Hashable {
    let description: String
  }

  private enum State {
    /// Before the first delimiter.
    case preamble
    /// After a delimiter: the rest of its line.
    case delimited
    /// The fields of a part.
    case header
    case content
    /// After the last delimiter.
    case epilogue
  }

  private(set) var parts: [Part] = []
  private let limits: Limits
  private let delimiter: [UInt8]
  private var state = State.preamble
  private var buffer: [UInt8]

  /// - Parameter boundary: the parameter of the content type; 1 to 70 characters.
  init(boundary: String, limits: Limits = Limits()) throws(Fault) {
    guard (1...70).contains(boundary.utf8.count),
      boundary.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
    else {
      throw Fault(description: "The multipart boundary is not 1 to 70 ASCII characters.")
    }
    self.limits = limits
    delimiter = Array("\r\n--\(boundary)".utf8)
    // The first delimiter has no line break before it; with this one it looks like the others.
    buffer = [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
  }

  /// Takes the next piece of the body.
  mutating func consume(_ piece: some Sequence<UInt8>) throws(Fault) {
    guard state != .epilogue else { return }
    buffer.append(contentsOf: piece)
    while try advance() {}
  }

  /// The parts, once the body has ended.
  mutating func finish() throws(Fault) -> [Part] {
    guard state == .epilogue else {
      throw Fault(
        description: "The multipart body ends before its closing delimiter. Send it again whole.")
    }
    return parts
  }

  /// Makes one step; `false` when more bytes are needed for the next.
  private mutating func advance() throws(Fault) -> Bool {
    switch state {
    case .preamble: return skipPreamble()
    case .delimited: return try takeDelimiterLine()
    case .header: return try takeHeader()
    case .content: return takeContent()
    case .epilogue:
      buffer = []
      return false
    }
  }

  private mutating func skipPreamble() -> Bool {
    let (kept, found) = split()
    buffer.removeFirst(found ? kept + delimiter.count : kept)
    if found { state = .delimited }
    return found
  }

  private mutating func takeDelimiterLine() throws(Fault) -> Bool {
    guard buffer.count >= 2 else { return false }
    if buffer.starts(with: [UInt8(ascii: "-"), UInt8(ascii: "-")]) {
      state = .epilogue
      return true
    }
    guard let end = lineBreak() else {
      guard buffer.count < limits.header else { throw Self.malformed }
      return false
    }
    guard buffer[..<end].allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) else {
      throw Self.malformed
    }
    buffer.removeFirst(end + 2)
    state = .header
    return true
  }

  private mutating func takeHeader() throws(Fault) -> Bool {
    var lines: [[UInt8]] = []
    var start = 0
    while let end = lineBreak(from: start) {
      let line = Array(buffer[start..<end])
      start = end + 2
      if line.isEmpty {
        guard parts.count < limits.parts else {
          throw Fault(
            description: "The multipart body has more than \(limits.parts) parts. Send fewer.")
        }
        parts.append(try part(of: lines))
        buffer.removeFirst(start)
        state = .content
        return true
      }
      lines.append(line)
    }
    guard buffer.count < limits.header else { throw Self.malformed }
    return false
  }

  private mutating func takeContent() -> Bool {
    let (kept, found) = split()
    parts[parts.count - 1].content.append(contentsOf: buffer[..<kept])
    buffer.removeFirst(found ? kept + delimiter.count : kept)
    if found { state = .delimited }
    return found
  }

  /// How many bytes come before a delimiter, and whether there is one; without one, before what may
  /// become one.
  private func split() -> (kept: Int, found: Bool) {
    let count = buffer.count
    var index = 0
    while index < count {
      guard buffer[index] == delimiter[0] else {
        index += 1
        continue
      }
      var length = 1
      while length < delimiter.count, index + length < count,
        buffer[index + length] == delimiter[length]
      {
        length += 1
      }
      if length == delimiter.count { return (index, true) }
      if index + length == count { return (index, false) }
      index += 1
    }
    return (count, false)
  }

  private func part(of lines: [[UInt8]]) throws(Fault) -> Part {
    for line in lines {
      let halves = line.split(separator: UInt8(ascii: ":"), maxSplits: 1)
      guard halves.count == 2 else { throw Self.malformed }
      guard String(decoding: halves[0], as: UTF8.self).lowercased() == "content-disposition" else {
        continue
      }
      guard let text = String(validating: halves[1], as: UTF8.self),
        let (kind, parameters) = HeaderValue.parse(text), kind.lowercased() == "form-data",
        let name = parameters["name"]
      else { throw Self.malformed }
      return Part(name: name, fileName: parameters["filename"])
    }
    throw Fault(description: "A part of the multipart body has no Content-Disposition with a name.")
  }

  /// Where the first CRLF at or after `start` begins.
  private func lineBreak(from start: Int = 0) -> Int? {
    var index = start
    while index + 1 < buffer.count {
      if buffer[index] == UInt8(ascii: "\r"), buffer[index + 1] == UInt8(ascii: "\n") {
        return index
      }
      index += 1
    }
    return nil
  }

  private static let malformed = Fault(
    description: "The multipart body is malformed. Send multipart/form-data as RFC 7578 describes.")
}
