import EventStore
import Foundation
import TestSupport
import Testing

@testable import Screening
@testable import ScreeningServer

extension ServerTests {
  /// If these fail, somebody takes what is there now for what was there then.
  @Suite struct AsOfRoutesTests {
    @Test func everyQueryTellsWhatWasThereThen() async throws {
      try await TestServer.run { server in
        let auditor = try await server.client(.auditor)
        let reviewer = try await server.client(.reviewer)
        // Three events: a user of each role.
        let users = try await auditor.get("/user/list?asOf=1").json()["users"] as? [[String: Any]]
        #expect(users?.compactMap { $0["email"] as? String } == [TestServer.email(.admin)])
        let all = try await auditor.get("/user/list").json()["users"] as? [Any]
        #expect(all?.count == 3)

        let before = try server.office.log.head
        let registered = try await ApplicantRoutesTests.register(reviewer)
        let position = try #require(try registered.json()["position"] as? Int)
        let page = try await reviewer.get("/applicant/20/1?asOf=\(before)")
        #expect(page.fields["senko-position"] == "\(before)")
        #expect(try page.json()["total"] as? Int == 0)
        #expect(
          try await reviewer.get("/applicant/20/1?asOf=\(position)").json()["total"] as? Int == 1)

        // The registration's own event comes before those of its documents.
        for (target, then) in [
          ("receipt", position), ("documents/1", position + 1), ("dossier", position),
        ] {
          let target = "/applicants/1/\(target)"
          #expect(try await auditor.get("\(target)?asOf=\(then - 1)").status == 404, "\(target)")
          let answer = try await auditor.get("\(target)?asOf=\(then)")
          #expect(answer.status == 200, "\(target): \(answer.text)")
          #expect(try await auditor.get("\(target)?asOf=99999").status == 409, "\(target)")
          #expect(try await auditor.get("\(target)?minPosition=99999").status == 409, "\(target)")
        }
        let erased = try await server.client(.admin).send("DELETE", "/applicant/1")
        #expect(erased.status == 200, "\(erased.text)")
        let gone = try await auditor.get("/applicants/1/documents/1?asOf=\(position + 1)")
        #expect(gone.status == 410, "an erasure holds whatever the moment")
      }
    }

    @Test func aDossierOfThenIsProvenUnderTheCheckpointOfNow() async throws {
      try await TestServer.run { server in
        let (auditor, reviewer) = (
          try await server.client(.auditor), try await server.client(.reviewer)
        )
        _ = try await ApplicantRoutesTests.register(reviewer)
        _ = try await reviewer.json("POST", "/applicants/1/labels", ["label": "hold"])
        let then = try server.office.log.head
        let kept = try server.office.checkpoint()
        _ = try await reviewer.json("POST", "/applicants/1/labels", ["label": "ng"])
        let answer = try await auditor.get("/applicants/1/dossier?asOf=\(then)")
        #expect(answer.fields["senko-position"] == "\(then)")
        let dossier = try answer.json()
        #expect(dossier["position"] as? Int == Int(then.rawValue))
        let history = try #require(dossier["history"] as? [[String: Any]])
        #expect(history.count { $0["type"] as? String == "applicant.labelled" } == 1)
        let size = (dossier["checkpoint"] as? String)?.split(separator: "\n").dropFirst().first
        #expect(try #require(size.flatMap { UInt64($0) }) > then.rawValue)
        try await withTemporaryDirectory { folder in
          let path = folder + "/dossier.json"
          try Data(answer.body).write(to: URL(fileURLWithPath: path))
          let proofs = try runTool(
            "verify-log.py", ["--dossier", path, "--key", server.office.log.publicKey])
          #expect(proofs.status == 0, "\(proofs.answer)")
          #expect(try runTool("verify-score.py", [path]).status == 0)
          // One that tells of later events than it says is refused.
          let text = answer.text.replacing("\"position\":\(then),", with: "\"position\":2,")
          try Data(text.utf8).write(to: URL(fileURLWithPath: path))
          #expect(try runTool("verify-log.py", ["--dossier", path]).status == 3)
        }
        let note = try #require(
          kept.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        let head = try server.office.log.head
        let beyond = try await auditor.get("/applicants/1/dossier?asOf=\(head)&under=\(note)")
        #expect(beyond.status == 409, "\(beyond.text)")
        #expect(beyond.text.contains("does not reach event \(head)"), "\(beyond.text)")
        let under = try await auditor.get("/applicants/1/dossier?asOf=\(then)&under=\(note)")
        #expect(try under.json()["checkpoint"] as? String == kept)
      }
    }

    @Test func theCheckpointOfThenIsGivenOrSaidNotToBeKept() async throws {
      try await TestServer.run { server in
        let auditor = try await server.client(.auditor)
        let reviewer = try await server.client(.reviewer)
        for _ in 0..<2 { _ = try await ApplicantRoutesTests.register(reviewer) }
        let newest = try await auditor.get("/checkpoint")
        let head = try server.office.log.head
        #expect(try await auditor.get("/checkpoint?asOf=\(head)").text == newest.text)
        // The first of each 256 is kept, and the newest ones.
        let first = try await auditor.get("/checkpoint?asOf=1")
        #expect(first.status == 200 && first.text.contains("\n1\n"), "\(first.text)")
        let lost = try await auditor.get("/checkpoint?asOf=2")
        #expect(lost.status == 404, "\(lost.text)")
        #expect(lost.text.contains("up to 2, and no more, is not kept"), "\(lost.text)")
        #expect(try await auditor.get("/checkpoint?asOf=99999").status == 409)
        let now = try await auditor.get("/checkpoint?asOf=2999-01-01T00:00:00Z")
        #expect(now.text == newest.text)
      }
    }
  }
}
