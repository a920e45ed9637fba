import Cryptography

/// An append whose events are encoded but for what only the writer knows: position, times, causes.
///
/// It is made on the caller's task, so that the one writer has little to do, and so that a request that
/// cannot be written is refused before it can concern others.
struct PreparedAppend: Sendable {
  /// One event's pieces, in the order of their bytes.
  struct Line: Sendable {
    let stream: [UInt8]
    let type: String
    let cause: EventDraft.Cause?
    /// `,"data":…` and what follows it up to the key.
    let data: [UInt8]
    /// What follows the position.
    let tail: [UInt8]
  }

  let append: Append
  /// The beginning of each event, up to its time.
  let head: [UInt8]
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
  init(_ append: Append, key: Digest?, content: Digest?) throws(EventLogError) {
    self.append = append
    self.key = key
    self.content = content
    guard !append.events.isEmpty else {
      throw .invalid("An append without events records nothing.")
    }
    try Self.check(append.actor, "actor", of: "an append")
    try Self.check(append.via, "via", of: "an append")
    var head: [UInt8] = []
    head.reserveCapacity(append.actor.utf8.count + 20)
    head += "{\"actor\":".utf8
    writeText(append.actor, to: &head)
    head += ",\"at\":\"".utf8
    self.head = head
    var lines: [Line] = []
    lines.reserveCapacity(append.events.count)
    for (index, draft) in append.events.enumerated() {
      lines.append(try Self.line(draft, index, via: append.via))
    }
    self.lines = lines
    var subjects: Set<SubjectID> = []
    for value in append.sealed { subjects.insert(value.reference.subject) }
    for document in append.documents { subjects.insert(document.reference.subject) }
    if let subject = append.idempotency?.subject { subjects.insert(subject) }
    self.subjects = subjects.subtracting(append.subjects.map { $0.id })
  }

  private static func line(
    _ draft: EventDraft, _ index: Int, via: String
  ) throws(EventLogError) -> Line {
    try check(draft.type, "type", of: "an event")
    try check(draft.stream, "stream", of: draft.type)
    guard draft.data.object != nil, draft.data.isEncodable else {
      throw .invalid(
        "The data of '\(draft.type)' is no object of plain names, texts and integers below 2^53.")
    }
    guard draft.version > 0 else {
      throw .invalid("The version of '\(draft.type)' is not above 0.")
    }
    if case .draft(let cause) = draft.cause, !(0..<index).contains(cause) {
      throw .invalid("The cause of '\(draft.type)' is no earlier event of the same append.")
    }
    var data: [UInt8] = []
    data.reserveCapacity(256)
    data += ",\"data\":".utf8
    draft.data.write(to: &data)
    if let happened = draft.happened {
      guard Timestamp(parsing: happened) != nil else {
        throw .invalid("'\(draft.type)' happened at what is no RFC 3339 time.")
      }
      data += ",\"happened\":".utf8
      writeText(happened, to: &data)
    }
    var tail: [UInt8] = []
    tail.reserveCapacity(draft.stream.utf8.count + draft.type.utf8.count + 48)
    if let onBehalfOf = draft.onBehalfOf {
      try check(onBehalfOf, "onBehalfOf", of: draft.type)
      tail += Array(",\"onBehalfOf\":".utf8)
      writeText(onBehalfOf, to: &tail)
    }
    tail += ",\"stream\":\"".utf8
    tail += draft.stream.utf8
    tail += "\",\"type\":\"".utf8
    tail += draft.type.utf8
    tail += "\",\"v\":\(draft.version),\"via\":".utf8
    writeText(via, to: &tail)
    tail.append(UInt8(ascii: "}"))
    return Line(
      stream: Array(draft.stream.utf8), type: draft.type, cause: draft.cause, data: data, tail: tail
    )
  }

  /// Names in an envelope are 1 to 255 visible ASCII characters without quotes and backslashes, so that
  /// they are spelled one way and fit a table's key.
  private static func check(
    _ name: String, _ member: String, of what: String
  ) throws(EventLogError) {
    let plain = name.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
    guard plain, (1...255).contains(name.utf8.count) else {
      throw .invalid("The '\(member)' of \(what) is not 1 to 255 visible ASCII characters.")
    }
  }
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
    case .array(let items): return items.allSatisfy { $0.isEncodable(depth: depth + 1) }
    case .object(let members):
      return members.allSatisfy { member in
        member.name.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != 0x22 && $0 != 0x5C }
          && member.value.isEncodable(depth: depth + 1)
      }
    }
  }
}
