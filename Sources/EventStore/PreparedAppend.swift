import Cryptography

/// An append whose events are encoded but for what only the writer knows: position, times, causes.
///
/// It is made on the caller's task, so that the one writer has little to do, and so that a request that
/// cannot be written is refused before it can concern others. An object, since it goes from hand to hand.
final class PreparedAppend: Sendable {
  /// Where in `bytes` one event's pieces lie.
  struct Line: Sendable {
    /// `,"data":…` and what follows it up to the key.
    let data: Range<Int>
    /// What follows the position.
    let tail: Range<Int>
    /// The stream's name.
    let stream: Range<Int>
    let cause: EventDraft.Cause?
  }

  let append: Append
  /// All events' pieces, one after the other.
  let bytes: [UInt8]
  /// The beginning of each event, up to its time.
  let head: Range<Int>
  let lines: [Line]
  /// The keyed hash of the idempotency key.
  let key: Digest?
  /// The keyed hash of the command's content, where its key does not depend on the log's state.
  let content: Digest?
  /// Those whose keys must exist when this is written: whoever has something sealed in it.
  let subjects: Set<SubjectID>

  /// Encodes an append.
  ///
  /// - Throws: `.invalid`, naming the event type but no value.
  init(_ append: borrowing Append, key: Digest?, content: Digest?) throws(EventLogError) {
    self.append = copy append
    self.key = key
    self.content = content
    guard !append.events.isEmpty else {
      throw .invalid("An append without events records nothing.")
    }
    try check(append.actor, "actor", of: "an append")
    try check(append.via, "via", of: "an append")
    for stream in append.expecting.keys { try check(stream, "expecting", of: "an append") }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(64 + 384 * append.events.count)
    bytes.append(copying: "{\"actor\":\"")
    bytes.append(copying: append.actor.utf8.span)
    bytes.append(copying: "\",\"at\":\"")
    head = 0..<bytes.count
    var lines: [Line] = []
    lines.reserveCapacity(append.events.count)
    let drafts = append.events.span
    for index in drafts.indices {
      lines.append(try drafts[index].write(to: &bytes, index, via: append.via))
    }
    self.bytes = bytes
    self.lines = lines
    self.subjects = Self.subjects(of: append)
  }

  /// Whether two events, of which there may be only the first, have the same stream.
  func sharesStream(_ index: Int, with next: Int) -> Bool {
    guard next < append.events.count else { return false }
    return append.events[index].stream == append.events[next].stream
  }

  private static func subjects(of append: Append) -> Set<SubjectID> {
    var subjects: Set<SubjectID> = []
    for value in append.sealed { subjects.insert(value.reference.subject) }
    for document in append.documents { subjects.insert(document.reference.subject) }
    if let subject = append.idempotency?.subject { subjects.insert(subject) }
    for subject in append.subjects { subjects.remove(subject.id) }
    return subjects
  }
}

extension EventDraft {
  /// Writes the pieces of the event that is `index`-th of its append.
  fileprivate func write(
    to bytes: inout [UInt8], _ index: Int, via: String
  ) throws(EventLogError) -> PreparedAppend.Line {
    try check(type, "type", of: "an event")
    try check(stream, "stream", of: type)
    guard data.object != nil, data.isEncodable else {
      throw .invalid(
        "The data of '\(type)' is no object of plain names, texts and integers below 2^53.")
    }
    guard version > 0 else { throw .invalid("The version of '\(type)' is not above 0.") }
    if case .draft(let cause) = cause, !(0..<index).contains(cause) {
      throw .invalid("The cause of '\(type)' is no earlier event of the same append.")
    }
    let start = bytes.count
    bytes.append(copying: ",\"data\":")
    data.write(to: &bytes)
    if let happened {
      guard Timestamp(parsing: happened) != nil else {
        throw .invalid("'\(type)' happened at what is no RFC 3339 time.")
      }
      bytes.append(copying: ",\"happened\":")
      writeText(happened, to: &bytes)
    }
    let middle = bytes.count
    if let onBehalfOf {
      try check(onBehalfOf, "onBehalfOf", of: type)
      bytes.append(copying: ",\"onBehalfOf\":\"")
      bytes.append(copying: onBehalfOf.utf8.span)
      bytes.append(UInt8(ascii: "\""))
    }
    bytes.append(copying: ",\"stream\":\"")
    let name = bytes.count
    bytes.append(copying: stream.utf8.span)
    let named = name..<bytes.count
    bytes.append(copying: "\",\"type\":\"")
    bytes.append(copying: type.utf8.span)
    bytes.append(copying: "\",\"v\":")
    bytes.append(decimal: UInt64(version))
    bytes.append(copying: ",\"via\":\"")
    bytes.append(copying: via.utf8.span)
    bytes.append(copying: "\"}")
    return PreparedAppend.Line(
      data: start..<middle, tail: middle..<bytes.count, stream: named, cause: cause)
  }
}

/// Names in an envelope are 1 to 255 visible ASCII characters without quotes and backslashes, so that
/// they are spelled one way and fit a table's key.
private func check(_ name: String, _ member: String, of what: String) throws(EventLogError) {
  let bytes = name.utf8.span
  guard (1...255).contains(bytes.count), isPlain(bytes, from: 0x21, to: 0x7E) else {
    throw .invalid("The '\(member)' of \(what) is not 1 to 255 visible ASCII characters.")
  }
}

/// Whether all bytes lie between two and none is a quote or a backslash.
private func isPlain(_ bytes: Span<UInt8>, from first: UInt8, to last: UInt8) -> Bool {
  // Looks at all of them, which takes less than to ask after each byte whether to go on.
  var special: UInt8 = 0
  for index in bytes.indices {
    let byte = bytes[index]
    special |= (byte < first ? 1 : 0) | (byte > last ? 1 : 0)
    special |= (byte == 0x22 ? 1 : 0) | (byte == 0x5C ? 1 : 0)
  }
  return special == 0
}

extension JSONValue {
  /// Whether every number and name can be written.
  var isEncodable: Bool { isEncodable(depth: 1) }

  // An event's data lies one deep within the event, which may be 32 deep.
  private func isEncodable(depth: Int) -> Bool {
    guard depth < 32 else { return false }
    switch self {
    case .string: return true
    case .integer(let number): return number.magnitude < 1 << 53
    case .array(let items):
      return items.allSatisfy { $0.isEncodable(depth: depth + 1) }
    case .object(let object):
      let members = object.span
      for index in members.indices {
        guard isPlain(members[index].name.utf8.span, from: 0x20, to: 0x7E),
          members[index].value.isEncodable(depth: depth + 1)
        else { return false }
      }
      return true
    }
  }
}
