@testable import ScreeningServer

extension Endpoint {
  /// The requests whose answers are recorded: over the data folder `snapshots/replay/v1/data`.
  ///
  /// There is no default, so that a route without a recorded answer does not compile.
  var samples: [Sample] {
    let at = "asOf=165"
    return switch self {
    case .registerUser:
      [
        Sample(
          "/user",
          #"{"email":"new@example.jp","name":"新人","password":"long enough","role":"auditor"}"#),
        Sample("/user", #"{"email":"new@example.jp","name":"新人","password":"short"}"#),
      ]
    case .logIn:
      [
        Sample("/user/login", #"{"email":"nobody@example.jp","password":"wrong password"}"#),
        Sample("/user/login", #"{"email":"nobody@example.jp"}"#),
      ]
    case .listUsers: [Sample("/user/list"), Sample("/user/list?asOf=1")]
    case .refresh: [Sample("/user/refresh", "")]
    case .logOut: [Sample("/user/logout"), Sample("/user/logout")]
    case .registerApplicant:
      [
        Sample(
          "/applicant",
          #"{"name":"新しい人","opening":"sales","documents":["5o6l5a6i44Go6LKp5aOy44CC"]}"#,
          ["Idempotency-Key": "registration"]),
        Sample(
          "/applicant",
          #"{"name":"新しい人","opening":"sales","documents":["5o6l5a6i44Go6LKp5aOy44CC"]}"#,
          ["Idempotency-Key": "registration"]),
        Sample(
          "/applicant", #"{"name":"別の人","opening":"sales","documents":["5o6l5a6i"]}"#,
          ["Idempotency-Key": "registration"]),
      ]
    case .eraseApplicant:
      [
        Sample("/applicant/20?reason=request", nil, ["Idempotency-Key": "erasure"]),
        Sample("/applicant/20?reason=request", nil, ["Idempotency-Key": "erasure"]),
        Sample("/applicant/20"), Sample("/applicant/99999"),
      ]
    case .applicantPage:
      [
        Sample("/applicant/2/1"), Sample("/applicant/20/9"), Sample("/applicant/0/1"),
        Sample("/applicant/1/1?asOf=20"),
      ]
    case .healthy: [Sample("/healthy")]
    case .applicants:
      [
        Sample("/applicants?limit=2&\(at)"),
        Sample(
          "/applicants?limit=3&\(at)&outcome=review&sort=-probability&fields=applicant,outcome"),
        Sample("/applicants?limit=2&cursor=165.31&fields=applicant"),
        Sample("/applicants?limit=1&\(at)&label=ng&total=true&fields=applicant"),
        Sample("/applicants?fields=applicant,nmae&limit=-1&limit=2"),
      ]
    case .exportApplicants:
      [Sample("/applicants/export?\(at)&label=ng&fields=applicant,label,received")]
    case .applicant:
      [
        Sample("/applicants/27?\(at)"), Sample("/applicants/27?\(at)&fields=applicant,label,name"),
        Sample("/applicants/3"), Sample("/applicants/99999"),
      ]
    case .history: [Sample("/applicants/1/history?\(at)"), Sample("/applicants/3/history?\(at)")]
    case .why:
      [Sample("/applicants/27/why?\(at)"), Sample("/applicants/27/why?\(at)&fields=score")]
    case .excludedWords:
      [
        Sample("/applicants/27/excluded?\(at)"),
        Sample("/applicants/27/excluded?\(at)&fields=unknownShare"),
        Sample("/applicants/27/excluded?asOf=10"),
      ]
    case .document:
      [
        Sample("/applicants/1/documents/1"), Sample("/applicants/1/documents/9"),
        Sample("/applicants/1/documents/1?asOf=1"),
      ]
    case .receipt: [Sample("/applicants/1/receipt"), Sample("/applicants/1/receipt?asOf=1")]
    case .dossier:
      [
        Sample("/applicants/27/dossier?opened=false&under=\(Self.note)"),
        Sample("/applicants/27/dossier?form=html&lang=en&under=\(Self.note)"),
        Sample("/applicants/27/dossier?under=none"),
        Sample("/applicants/27/dossier?opened=false&asOf=99999&under=\(Self.note)"),
      ]
    case .documents: [Sample("/applicants/27/documents?\(at)")]
    case .labels: [Sample("/applicants/1/labels?\(at)")]
    case .screenings: [Sample("/applicants/27/screenings?\(at)")]
    case .openings: [Sample("/openings?\(at)")]
    case .queue:
      [Sample("/queues/second-look?\(at)&limit=2&fields=applicant,flags"), Sample("/queues/x")]
    case .audits: [Sample("/audits?\(at)")]
    case .vocabulary:
      [
        Sample("/vocabulary?\(at)&limit=3"),
        Sample("/vocabulary?cursor=165.3&limit=2"),
        Sample("/vocabulary?\(at)&prefix=%E3%82%B5%E3%83%BC%E3%83%90"),
      ]
    case .models: [Sample("/models?\(at)")]
    case .model: [Sample("/models/1?\(at)"), Sample("/models/1?asOf=10"), Sample("/models/9")]
    case .modelCard: [Sample("/models/1/card?\(at)"), Sample("/models/1/card?\(at)&form=html")]
    case .modelReliability: [Sample("/models/1/reliability?\(at)")]
    case .modelDrift: [Sample("/models/1/drift?\(at)")]
    case .modelManifest:
      [Sample("/models/1/manifest?\(at)"), Sample("/models/1/manifest?asOf=10")]
    case .modelFile: [Sample("/models/1/file?\(at)"), Sample("/models/1/file?asOf=10")]
    case .policy: [Sample("/policy?\(at)")]
    case .policies: [Sample("/policies?\(at)")]
    case .lexicon: [Sample("/lexicon?\(at)&fields=name,digest")]
    case .lexicons: [Sample("/lexicons?\(at)&fields=name,digest,at,by"), Sample("/lexicons?\(at)")]
    case .events: [Sample("/events?from=1&to=3")]
    case .tail: [Sample("/events/tail?after=164")]
    case .event: [Sample("/events/165"), Sample("/events/99999"), Sample("/events/0")]
    case .proof: [Sample("/events/165/proof")]
    case .checkpoint: [Sample("/checkpoint"), Sample("/checkpoint?asOf=1")]
    case .consistency:
      [
        Sample("/checkpoint/consistency?from=100&to=165"),
        Sample("/checkpoint/consistency?to=99999"),
      ]
    case .tile: [Sample("/tile/0/000.p/165"), Sample("/tile/0/001")]
    case .entryBundle: [Sample("/tile/entries/000.p/2")]
    case .labelApplicant:
      [
        Sample(
          "/applicants/32/labels", #"{"label":"ok","reason":"経験"}"#,
          ["Idempotency-Key": "label", "Senko-Decided-At": "165"]),
        Sample(
          "/applicants/32/labels", #"{"label":"ok","reason":"経験"}"#,
          ["Idempotency-Key": "label", "Senko-Decided-At": "165"]),
        Sample("/applicants/32/labels", #"{"label":"ng"}"#, ["Idempotency-Key": "label"]),
        Sample("/applicants/32/labels", #"{"label":"ng"}"#, ["Senko-Decided-At": "165"]),
        Sample("/applicants/32/labels", #"{"label":"ng"}"#, ["Senko-Decided-At": "99999"]),
        Sample("/applicants/32/labels", #"{"label":"perhaps"}"#),
        Sample("/applicants/32/labels", "label=ok", ["Content-Type": "text/plain"]),
      ]
    case .setState:
      [
        Sample("/applicants/32/state", #"{"state":"withdrawn"}"#),
        Sample("/applicants/32/state", "{}"),
      ]
    case .openApplicant: [Sample("/applicants/32/opened", "")]
    case .screenApplicant:
      [Sample("/applicants/32/screening", ""), Sample("/applicants/3/screening", "")]
    case .correctApplicant:
      [Sample("/applicants/32/corrections", #"{"name":"藤本 真理子"}"#)]
    case .discloseApplicant:
      [
        Sample("/applicants/32/disclosures", ""),
        Sample("/applicants/31/disclosures?form=text&lang=en", ""),
      ]
    case .placeHold:
      [
        Sample("/applicants/31/hold", #"{"reason":"lawsuit"}"#),
        Sample("/applicants/31/hold", #"{"reason":"lawsuit"}"#),
      ]
    case .liftHold: [Sample("/applicants/31/hold"), Sample("/applicants/31/hold")]
    case .declareGroups:
      [Sample("/applicants/31/attributes", #"{"attributes":{"sex":"female"}}"#)]
    case .auditReading:
      [
        Sample("/audits/reading", #"{"opening":"engineer","sample":2,"asOf":"165"}"#),
        Sample("/audits/reading", #"{"opening":"engineer","sample":1,"asOf":"165"}"#),
      ]
    case .auditGroups: [Sample("/audits/groups", #"{"opening":"engineer","asOf":"165"}"#)]
    case .retain:
      [
        Sample(
          "/retention",
          #"{"opening":"engineer","before":"2025-09-01T00:00:00Z","rehearse":true}"#),
        Sample("/retention", #"{"rehearse":true}"#),
      ]
    case .trainModel:
      [
        Sample("/models", #"{"opening":"engineer","c":0.5,"representation":"binary"}"#),
        Sample("/models", #"{"opening":"nobody"}"#),
      ]
    case .trainLike:
      [
        Sample(
          "/models/like",
          """
          {"parameters":{"opening":"engineer","through":165,"labels":"all","analysis":"\(String(repeating: "0", count: 64))"},\
          "digest":"\(String(repeating: "0", count: 64))"}
          """)
      ]
    case .promoteModel: [Sample("/models/1/promotion", ""), Sample("/models/99/promotion", "")]
    case .adoptPolicy:
      [
        Sample("/policy", #"{"threshold":6000}"#), Sample("/policy", "{}"),
        Sample("/policy", #"{"retention":{"days":365,"opening":"engineer"}}"#),
      ]
    case .adoptLexicon: [Sample("/lexicon", #"{"text":"nonsense"}"#)]
    case .replay:
      [
        Sample("/replay", #"{"opening":"engineer","c":0.5,"until":160}"#),
        Sample("/replay", #"{"opening":"engineer","c":0.5,"from":161,"until":160}"#),
      ]
    case .replayGrid:
      [
        Sample(
          "/replay/grid",
          #"{"opening":"engineer","c":[0.25,0.5],"representation":["binary"],"until":160}"#)
      ]
    case .verify: [Sample("/verification", "{}")]
    case .live: [Sample("/livez")]
    case .ready: [Sample("/readyz")]
    case .metrics: [Sample("/metrics")]
    case .openAPI: [Sample("/openapi.json")]
    case .docs: [Sample("/docs")]
    case .docsAsset: [Sample("/docs/start.js"), Sample("/docs/swagger-ui.css")]
    case .problem: [Sample("/problems/stale"), Sample("/problems/x")]
    }
  }

  /// The data folder's checkpoint of 165 events, percent-encoded.
  private static let note = """
    senko%2F7dfd0383a8abae6a%0A165%0Ayu741DhffPPdBAkLAuj3ZB0pn7iGyeQ9hx%2FbsGfdUE0%3D%0A%0A%E2%80%94%20\
    senko%2F7dfd0383a8abae6a%20MIXK8urzlJA41kUB9jC4IKhSfD4RwHOi8wVN8rJrp9wLrfPyzKB3%2BEOtCTk9Yf%2BtgM4AYVlp3\
    XoLoFMPbQGlpYlNvA8%3D%0A
    """
}
