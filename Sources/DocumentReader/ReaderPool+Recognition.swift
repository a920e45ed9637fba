import Synchronization

extension ReaderPool {
  /// Whether a document that has been read may have pages that are pictures.
  func mayHoldScans(_ request: Request, _ document: [UInt8], _ answer: [UInt8]) -> Bool {
    guard Self.isPDF(document) else { return false }
    // An explanation does not say what the quality gate measured.
    guard request.kind == .read, let outcome = try? ReadingOutcome(decoding: answer) else {
      return request.kind == .explain
    }
    return switch outcome {
    case .read(let reading): reading.quality["imageCover", default: 0] > 300
    case .unreadable(let reason, _): reason == Unreadable.noText.rawValue
    }
  }

  /// Has the pages of a document that are pictures drawn by the worker, recognised by another process, and the
  /// document read again with what was recognised.
  ///
  /// Pictures and characters pass through here unread: each is checked by the process that uses it.
  ///
  /// - Parameter ask: asks the worker about the document.
  /// - Throws: `ReaderError` when nothing can be recognised on this machine.
  func recogniseScans(
    _ request: Request, _ answer: inout Answer, ask: (Request) throws(ReaderError) -> Answer
  ) throws(ReaderError) {
    func asked(for kind: Request.Kind, page: UInt8 = 0) throws(ReaderError) -> Answer {
      var other = request
      (other.kind, other.page) = (kind, page)
      return try ask(other)
    }
    var again = request
    let scans = try asked(for: .scans)
    answer.usage.add(scans.usage)
    answer.fault = scans.fault
    guard scans.fault == nil, !scans.bytes.isEmpty else { return }
    var recogniser = try startRecogniser()
    defer { recogniser.end() }
    let recogniserDetails = recogniser.fingerprint.details
    if scans.bytes.count > limits.scannedPages { answer.fault = "too-large" }
    for page in scans.bytes.prefix(limits.scannedPages) {
      let picture = try asked(for: .picture, page: page)
      answer.usage.add(picture.usage)
      guard picture.fault == nil, !picture.bytes.isEmpty else {
        answer.fault = picture.fault ?? "too-large"
        continue
      }
      do throws(WorkerProcess.Fault) {
        let (symbols, usage) = try recogniser.ask(
          [], about: picture.bytes, limits.ofRecogniser)
        answer.usage.add(usage)
        if symbols.isEmpty {
          answer.fault = "crashed"
        } else {
          again.recognised[page] = symbols
        }
      } catch {
        answer.usage.add(error.usage)
        answer.fault = error.failure.reason
        break
      }
    }
    guard !again.recognised.isEmpty else { return }
    let reading = try ask(again)
    answer.usage.add(reading.usage)
    answer.bytes = reading.bytes
    answer.recogniser = recogniserDetails
  }

  /// Starts a process that recognises characters.
  ///
  /// - Throws: `ReaderError` that names what to install.
  func startRecogniser() throws(ReaderError) -> WorkerProcess {
    var recogniser = try WorkerProcess(
      recogniser: worker, limits.ofRecogniser, digests: state.withLock { $0.recogniserDigests })
    if givesWay { recogniser.giveWay() }
    state.withLock {
      $0.recogniserDigests = recogniser.digests
      $0.recogniser = recogniser.fingerprint.details
    }
    complainUnlessSandboxed(recogniser)
    return recogniser
  }
}

extension ReadingOutcome {
  /// Adds what recognised characters, and that pages were left out by a fault.
  mutating func note(_ recogniser: [String: String]?, fault: String?) {
    switch self {
    case .read(var reading):
      if reading.flags.contains("recognised") { reading.recogniser = recogniser }
      if fault != nil { reading.flags = Set(reading.flags + ["scans-left-out"]).sorted() }
      self = .read(reading)
    case .unreadable(Unreadable.noText.rawValue, let fingerprint):
      if let fault { self = .unreadable(reason: fault, fingerprint) }
    case .unreadable: break
    }
  }
}
