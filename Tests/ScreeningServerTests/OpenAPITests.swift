import Foundation
import Testing

@testable import ScreeningServer

/// If these fail, the document that clients are generated from no longer tells what the server does.
@Suite struct OpenAPITests {
  @Test func theDocumentIsTheRecordedOne() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(OpenAPI.document), as: UTF8.self) + "\n"
    let file = snapshots.appending(path: "server/openapi.json")
    if ProcessInfo.processInfo.environment["SENKO_RECORD"] == "1" {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let recorded = try String(contentsOf: file, encoding: .utf8)
    #expect(text == recorded, "Run the test with SENKO_RECORD=1, and read the difference.")
  }

  /// What the recorded answers are checked by must itself find what differs.
  @Test func aDifferenceFromASchemaIsFound() throws {
    func faults(_ json: String, _ schema: JSONTree) throws -> [String] {
      SchemaCheck.faults(
        in: try JSONSerialization.jsonObject(with: Data(json.utf8)), under: schema)
    }
    let schema = Schemas.object([
      "a": Schemas.number, "b": ["anyOf": [Schemas.object(["c": Schemas.text]), ["type": "null"]]],
    ])
    #expect(try faults(#"{"a":1,"b":{"c":"x"}}"#, schema).isEmpty)
    #expect(try faults(#"{"a":1,"b":null}"#, schema).isEmpty)
    for wrong in [
      #"{"a":1}"#, #"{"a":1,"b":null,"d":2}"#, #"{"a":null,"b":null}"#, #"{"a":1,"b":{}}"#,
      #"{"a":1,"b":{"c":"x","d":1}}"#, #"{"a":[1],"b":null}"#,
    ] {
      #expect(try faults(wrong, schema).count == 1, "\(wrong)")
    }
    #expect(try faults(#"{"replays":[{"opening":"e"}]}"#, OpenAPI.reference("ReplayList")) != [])
  }

  @Test func everyReferenceLeadsToASchema() throws {
    let text = String(decoding: try JSON.encode(OpenAPI.document), as: UTF8.self)
    let references = text.matches(of: /"#\/components\/schemas\/([A-Za-z]+)"/).map { String($0.1) }
    #expect(references.count > 20)
    for name in Set(references) { #expect(Schemas.all[name] != nil, "\(name)") }
    for name in Schemas.all.keys { #expect(references.contains(name), "\(name) is not used") }
  }
}
