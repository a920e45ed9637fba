import Cryptography
import Foundation
import Screening
import Testing

@testable import ScreeningServer

extension ServerTests {
  /// If these fail, nobody can look behind a model over HTTP, or a reviewer sees what must not decide.
  @Suite struct CardRoutesTests {
    /// If this fails, a reviewer reads in a card which words of the applicants must not decide.
    @Test func aReviewersCardCountsWhatIsExcludedWithoutItsWords() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        try await LearningRoutesTests.teach(admin, count: 24, adding: "本籍の欄。")
        _ = try await admin.json("POST", "/models", ["opening": "engineer"])
        func birthplace(_ client: TestClient) async throws -> (matter: [String: Any], text: String)
        {
          let card = try await client.get("/models/1/card")
          let matters = try #require(try card.json()["excluded"] as? [[String: Any]])
          let matter = try #require(matters.first { $0["category"] as? String == "birthplace" })
          // What the matter is called in Japanese is no word of an applicant's.
          let pages = try await client.get("/models/1/card?form=html&lang=ja").text
            .replacing("本籍・出生地", with: "")
          return (
            matter,
            card.text + pages + (try await client.get("/models/1/card?form=html&lang=en").text)
          )
        }
        let told = try await birthplace(try await server.client(.auditor))
        let counted = try await birthplace(try await server.client(.reviewer))
        let terms = try #require(told.matter["terms"] as? [[String: Any]])
        #expect(terms.contains { $0["term"] as? String == "本籍" })
        #expect(told.text.contains("本籍"))
        #expect((counted.matter["terms"] as? [Any])?.isEmpty == true)
        #expect(counted.matter["applicants"] as? Int == 24)
        let rare = try #require(told.matter["rare"] as? Int)
        #expect(counted.matter["rare"] as? Int == rare + terms.count)
        #expect(!counted.text.contains("本籍"))
      }
    }

    @Test func aModelHasACardADiagramAndAFile() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        try await LearningRoutesTests.teach(admin, count: 40)
        _ = try await admin.json("POST", "/models", ["opening": "engineer"])
        let auditor = try await server.client(.auditor)
        let card = try await auditor.get("/models/1/card")
        #expect(try card.json()["overTime"] != nil, "\(card.text)")
        let page = try await auditor.get("/models/1/card?form=html&lang=en")
        #expect(page.fields["content-type"] == "text/html; charset=utf-8")
        #expect(page.text.contains("Model card"))
        let table = try await auditor.get("/models/1/reliability").json()
        let metrics = try #require(table["metrics"] as? [String: Any])
        let bins = try #require(metrics["reliability"] as? [[String: Any]])
        #expect(bins.compactMap { $0["count"] as? Int }.reduce(0, +) == 40)
        let diagram = try await auditor.get("/models/1/reliability?form=svg")
        #expect(diagram.fields["content-type"] == "image/svg+xml")
        #expect(diagram.text == metrics["plot"] as? String)
        let drift = try await auditor.get("/models/1/drift")
        #expect(try drift.json()["periods"] is [Any], "\(drift.text)")
        let file = try await auditor.get("/models/1/file")
        let model = try await auditor.get("/models/1").json()
        #expect(SHA256.hash(file.body).hex == model["digest"] as? String)
        #expect(try await auditor.get("/models/1/file?format=json").json()["terms"] is [Any])
        #expect(try await auditor.get("/models/1/file?format=xml").status == 400)
        for path in ["card", "reliability", "drift", "file"] {
          #expect(try await auditor.get("/models/2/\(path)").status == 404, "\(path)")
        }
      }
    }
  }
}
