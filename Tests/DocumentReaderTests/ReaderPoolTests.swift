import Glibc
import Synchronization
import TestSupport
import Testing

@testable import DocumentReader

/// What a document does to its reader, and what the reader never does to its parent.
@Suite struct ReaderPoolTests {
  private let worker = product("senko-worker")

  private func reason(_ outcome: ReadingOutcome) -> String? {
    if case .unreadable(let reason, _) = outcome { reason } else { nil }
  }

  private func reading(_ outcome: ReadingOutcome) throws -> Reading {
    guard case .read(let reading) = outcome else {
      Issue.record("unreadable: \(self.reason(outcome) ?? "")")
      throw CancellationError()
    }
    return reading
  }

  @Test func plainTextBecomesNouns() async throws {
    let pool = ReaderPool(worker: worker, workers: 1)
    defer { pool.shutdown() }
    let text = "株式会社で機械学習とＪａｖａ、C++を使いました。"
    let reading = try reading(await pool.read(Array(text.utf8)))
    let nouns = Set(reading.nouns.map(\.term))
    #expect(nouns.isSuperset(of: ["機械", "学習", "機械学習", "java", "c++"]))
    #expect(reading.rawText == text)
    #expect(reading.fingerprint.id.count == 64)
  }

  @Test func sameBytesGiveTheSameReadingInEveryWorker() async throws {
    let page = SamplePDF.page(SamplePDF.lines(["基幹システムの設計と開発", "要件定義と試験を担当"]))
    let pool = ReaderPool(worker: worker, workers: 3)
    defer { pool.shutdown() }
    let outcomes = try await withThrowingTaskGroup(of: ReadingOutcome.self) { group in
      for _ in 0..<12 { group.addTask { try await pool.read(page) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(outcomes.map(\.encoded)).count == 1)
    #expect(try reading(outcomes[0]).text.contains("基幹システム"))
  }

  @Test func whatOnlyTheOwnerMayChangeIsRead() async throws {
    let pool = ReaderPool(worker: worker, workers: 1)
    defer { pool.shutdown() }
    #expect(try reading(await pool.read(SamplePDF.ownerOnly)).text == "要件定義と開発")
  }

  @Test func anAnnotationOfAnUnknownKindEndsNoWorker() async throws {
    let pool = ReaderPool(worker: worker, workers: 1)
    defer { pool.shutdown() }
    let page = SamplePDF.page(
      SamplePDF.lines(["要件定義"]), page: "/Annots[9 0 R]",
      more: ["<</Type/Annot/Subtype/Unheard/Rect[50 600 300 620]>>"])
    #expect(try reading(await pool.read(page)).text == "要件定義")
  }

  @Test func anExplanationShowsTheBoxesInReadingOrder() async throws {
    let pool = ReaderPool(worker: worker, workers: 1)
    defer { pool.shutdown() }
    let content = SamplePDF.show("第二行", x: 50, y: 680) + SamplePDF.show("第一行", x: 50, y: 700)
    let pages = try await pool.explain(SamplePDF.page(content))
    #expect(pages.map(\.orientation) == ["horizontal"])
    #expect(pages.first?.boxes.map(\.text) == ["第一行", "第二行"])
    #expect(pages.first?.boxes.first?.left == 50)
    #expect(try await pool.explain(Array("平文".utf8)).isEmpty)
  }

  @Test func anExplanationNamesTheKindsOfBoxes() async throws {
    let pool = ReaderPool(worker: worker, workers: 1)
    defer { pool.shutdown() }
    let remark =
      "<</Type/Annot/Subtype/FreeText/Contents(TOEIC 900)/Rect[50 600 300 620]/DA(/H 10 Tf)>>"
    let content =
      SamplePDF.show("2018年", x: 50, y: 780) + SamplePDF.show("東西大学", x: 200, y: 780)
      + SamplePDF.lines(["情報処理の設計と開発を担当しシ", "ステムを構築"], top: 740)
      + SamplePDF.show("じょうほう", x: 50, y: 751, size: 4)
    let page = SamplePDF.page(content, page: "/Annots[9 0 R]", more: [remark])
    let boxes = try #require(try await pool.explain(page).first).boxes
    #expect(boxes.map(\.kind) == [.cell, .cell, .line, .wrapped, .ruby, .annotation])
    #expect(boxes.last?.top == 222 && boxes.last?.height == 20)
  }

  /// What runs down a page that was turned is no vertical writing, as its flags say.
  @Test(arguments: [("H", "downward", "rotated"), ("V", "vertical", "vertical")])
  func anExplanationTellsTurnedPagesFromVerticalOnes(
    font: String, orientation: String, flag: String
  ) async throws {
    let pool = ReaderPool(worker: worker, workers: 1)
    defer { pool.shutdown() }
    let lines = ["基幹システムの設計と開発を担当し", "一貫して従事しました。機械学習の", "品質の改善を進めました。経験あり"]
    let content = lines.enumerated().map {
      font == "H"
        ? SamplePDF.show($0.element, x: 50, y: 780 - 20 * Double($0.offset))
        : SamplePDF.show($0.element, x: 500 - 20 * Double($0.offset), y: 780, font: font)
    }.joined()
    let page = SamplePDF.page(content, page: font == "H" ? "/Rotate 90" : "")
    let pages = try await pool.explain(page)
    #expect(pages.map(\.orientation) == [orientation] && pages.map(\.flags) == [[flag]])
  }

  @Test func aReadingSaysWhatItTook() async throws {
    let pool = ReaderPool(worker: worker, workers: 1)
    defer { pool.shutdown() }
    let (_, usage) = try await pool.measure(Array("設計".utf8))
    #expect(usage.wallMicroseconds > 0 && usage.peakMemoryBytes > 1 << 20)
  }

  @Test func aFontThatIsNotEmbeddedGivesJapanese() async throws {
    let pool = ReaderPool(worker: worker, workers: 1)
    defer { pool.shutdown() }
    let reading = try reading(await pool.read(Sentinel.bytes))
    #expect(reading.text == "日本語テスト")
  }

  @Test func everyKindOfBadDocumentSaysWhy() async throws {
    let pool = ReaderPool(worker: worker, workers: 1)
    defer { pool.shutdown() }
    let whole = SamplePDF.page(SamplePDF.lines(["職務経歴"]))
    #expect(try await reason(pool.read([])) == "empty")
    #expect(try await reason(pool.read(Array(" \n\t".utf8))) == "empty")
    #expect(try await reason(pool.read([0xFF, 0xFE, 0, 1, 2])) == "not-a-document")
    #expect(try await reason(pool.read(Array("<!DOCTYPE html><p>履歴書".utf8))) == "not-a-document")
    #expect(try await reason(pool.read(Array(whole.prefix(60)))) == "damaged")
    #expect(try await reason(pool.read(Array("garbage".utf8), isNamedPDF: true)) == "damaged")
    #expect(try await reason(pool.read(Array("<html>".utf8), isNamedPDF: true)) == "not-a-document")
    #expect(try await reason(pool.read(SamplePDF.page(""))) == "no-text")
    #expect(try await reason(pool.read(SamplePDF.encrypted)) == "encrypted")
  }

  /// A password often comes by another mail; it opens one document, and no other.
  @Test func whatIsEncryptedIsReadByItsPasswordAlone() async throws {
    let pool = ReaderPool(worker: worker, workers: 1)
    defer { pool.shutdown() }
    for (document, password) in SamplePDF.locked {
      for wrong in ["", "geheim"] {
        #expect(try await reason(pool.measure(document, password: wrong).outcome) == "encrypted")
      }
      let opened = try await pool.measure(document, password: password).outcome
      #expect(try reading(opened).text == "Java billing service")
      #expect(try await pool.explain(document, password: password).count == 1)
      #expect(try await pool.explain(document).isEmpty)
      #expect(try await reason(pool.read(document)) == "encrypted")
    }
  }

  @Test func aBombEndsInItsWorkerAndTheNextDocumentIsRead() async throws {
    var limits = Limits()
    limits.processorMilliseconds = 300
    limits.wallMilliseconds = 20_000
    let pool = ReaderPool(worker: worker, workers: 1, limits: limits)
    defer { pool.shutdown() }
    #expect(try await reason(pool.read(SamplePDF.bomb)) == "timeout")
    #expect(try await reading(pool.read(Sentinel.bytes)).text == "日本語テスト")
  }

  /// Where a document has time of the processor left, the clock on the wall ends it.
  @Test func aBombEndsInTimeHoweverLongItMayWork() async throws {
    var limits = Limits()
    limits.processorMilliseconds = 60_000
    limits.wallMilliseconds = 2_000
    let pool = ReaderPool(worker: worker, workers: 1, limits: limits)
    defer { pool.shutdown() }
    let (outcome, usage) = try await pool.measure(SamplePDF.bomb)
    #expect(reason(outcome) == "timeout")
    #expect(usage.processorMicroseconds < 60_000_000)
    #expect(try await reading(pool.read(Sentinel.bytes)).text == "日本語テスト")
  }

  /// Poppler's memory is asked for by C, that of what comes after it by Swift: each says in its own words that there is
  /// no more.
  @Test func whatWantsTooMuchMemoryEndsInItsWorkerAndTheNextDocumentIsRead() async throws {
    var limits = Limits()
    limits.memoryBytes = 24 << 20
    limits.characters = 1_000_000
    limits.processorMilliseconds = 60_000
    limits.wallMilliseconds = 120_000
    let pool = ReaderPool(worker: worker, workers: 1, limits: limits)
    defer { pool.shutdown() }
    let text = String(repeating: "要件定義と開発。", count: 60_000)
    for document in [SamplePDF.bomb, Array(text.utf8)] {
      #expect(try await reason(pool.read(document)) == "out-of-memory")
      #expect(try await reading(pool.read(Sentinel.bytes)).text == "日本語テスト")
    }
  }

  @Test func anAnswerThatIsTooLongIsNotGivenAndTheNextDocumentIsRead() async throws {
    var limits = Limits()
    limits.answerBytes = 4_000
    let pool = ReaderPool(worker: worker, workers: 1, limits: limits)
    defer { pool.shutdown() }
    let text = String(repeating: "要件定義と開発。", count: 1_000)
    #expect(try await reason(pool.read(Array(text.utf8))) == "too-large")
    #expect(try await reading(pool.read(Sentinel.bytes)).text == "日本語テスト")
  }

  @Test func whatIsTooLargeIsRefusedUnread() async throws {
    var limits = Limits()
    limits.documentBytes = 100
    let pool = ReaderPool(worker: worker, workers: 1, limits: limits)
    defer { pool.shutdown() }
    #expect(
      try await reason(pool.read([UInt8](repeating: 0x61, count: 101))) == "too-large")
  }

  @Test func aWorkerIsReplacedAfterItsShare() async throws {
    var limits = Limits()
    limits.documentsPerWorker = 2
    let pool = ReaderPool(worker: worker, workers: 1, limits: limits)
    defer { pool.shutdown() }
    for _ in 0..<5 {
      #expect(try await reading(pool.read(Array("設計".utf8))).text == "設計")
    }
  }

  /// A machine that is short of memory may end a worker that does nothing; no document is to blame.
  @Test func aWorkerThatEndedWhileItHadNothingToDoIsReplaced() async throws {
    let pool = ReaderPool(worker: worker, workers: 1)
    defer { pool.shutdown() }
    let text = Array("設計".utf8)
    for document in [text, Sentinel.bytes + [UInt8](repeating: 0x20, count: 1 << 20)] {
      _ = try await pool.read(text)
      let idle = try #require(pool.state.withLock { $0.idle.first }).pid
      kill(idle, SIGKILL)
      var state = unsafe siginfo_t()
      while unsafe waitid(P_PID, id_t(idle), &state, WEXITED | WNOWAIT) < 0, errno == EINTR {}
      _ = try reading(await pool.read(document))
      #expect(pool.state.withLock { $0.idle.first }?.pid != idle)
    }
  }

  @Test func aMissingWorkerIsAnErrorThatNamesIt() async throws {
    let pool = ReaderPool(worker: "/nonexistent/senko-worker", workers: 1)
    await #expect(throws: ReaderError.self) { try await pool.read([0x61]) }
    pool.shutdown()
    await #expect(throws: ReaderError.shutDown) { try await pool.read([0x61]) }
  }
}
