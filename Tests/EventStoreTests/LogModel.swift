@testable import EventStore

/// What a log must behave like: a list, some dictionaries, and no disk.
struct LogModel {
  struct Person {
    let registered: Registered
    let name: String
    let position: Position
    var isErased = false
  }

  var texts: [String] = []
  var streams: [String: Position] = [:]
  var keys: [String: (content: UInt8, first: Position)] = [:]
  var people: [Person] = []

  mutating func add(_ text: String, _ stream: String) {
    texts.append(text)
    streams[stream] = Position(rawValue: UInt64(texts.count))
  }

  /// Those who can be erased.
  var present: [Int] { people.indices.filter { !people[$0].isErased } }

  /// What a backup of this gives back once `later` was the state of things: the past, but for the erased.
  func restored(knowing later: LogModel) -> LogModel {
    var model = self
    for index in people.indices { model.people[index].isErased = later.people[index].isErased }
    return model
  }
}
