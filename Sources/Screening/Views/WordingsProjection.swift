import Cryptography
import DocumentReader
import EventStore
import Projections

/// The fold of the recorded readings into who sent a document of the same words (同一文書).
///
/// Words are known by a hash under a key that the next erasure destroys. The epoch is the wrapping key's
/// generation, so that every erasure folds the wordings anew from what can still be opened.
struct WordingsProjection: Projection {
  /// applicant ‖ document → hash of the words read from it.
  static let wordings = ViewTable("vocabulary-wordings")
  /// hash of the words ‖ applicant → position of the reading: who sent the same document.
  static let senders = ViewTable("vocabulary-senders")

  let log: EventLog
  let name = "wordings"
  let version = 1
  let tables = [wordings, senders]

  func epoch() throws -> UInt64 { try log.generation }

  func facts() -> any Facts { WordingsFacts(log: log) }
}

/// What a stretch of events says of documents' words.
private struct WordingsFacts: Facts {
  let log: EventLog
  private var readings: [(reading: ReadTokens, wording: Result<[UInt8]?, any Error>)] = []

  init(log: EventLog) { self.log = log }

  mutating func read(_ event: EventLine) throws {
    guard event.type.isText("document.read") else { return }
    readings.append((try ReadTokens(event), .success(nil)))
  }

  mutating func prepare() throws {
    guard !readings.isEmpty else { return }
    let hash = KeyedSHA256(key: try log.generationKey(purpose: "vocabulary"))
    for index in readings.indices {
      readings[index].wording = Result {
        try readings[index].reading.open(log).map { Array(hash.authenticate($0).bytes.prefix(16)) }
      }
    }
  }

  func fold(into writer: inout ViewWriter) throws {
    for (reading, wording) in readings {
      guard let wording = try wording.get() else { continue }
      writer.position = reading.position
      let applicant = reading.applicant.rawValue
      writer.put(
        wording, at: viewKey(applicant, UInt64(reading.document)),
        in: WordingsProjection.wordings)
      writer.put(
        reading.position.rawValue.viewKey, at: wording + applicant.viewKey,
        in: WordingsProjection.senders)
    }
  }
}
