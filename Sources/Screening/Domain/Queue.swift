/// Applicants who wait for a person, by what the last screening said or a person put off.
///
/// A person's label ends the waiting, as do withdrawal and erasure; nothing that a score does.
public enum Queue: String, Sendable, Hashable, CaseIterable, Codable {
  /// At or above the threshold.
  case review
  /// Under the threshold: a person looks a second time.
  case secondLook = "second-look"
  /// 判定不能: the documents do not allow a score.
  case undecidable
  /// Nobody has asked a model, or it gives no percentage.
  case unscored
  /// Labelled `hold`: to be decided later.
  case hold

  /// The queue that an application waits in; `nil` once it is decided, withdrawn or erased.
  init?(state: ApplicantState, label: Label?, outcome: Outcome?) {
    guard state == .active else { return nil }
    switch (label, outcome) {
    case (.hold, _): self = .hold
    case (.ok, _), (.ng, _): return nil
    case (nil, .review): self = .review
    case (nil, .secondLook): self = .secondLook
    case (nil, .undecidable): self = .undecidable
    case (nil, .unscored), (nil, nil): self = .unscored
    }
  }
}

extension ApplicantFilter {
  /// Lets those through who wait in a queue.
  public init(queue: Queue, opening: Opening? = nil) {
    self.init(opening: opening)
    self.queue = queue
  }
}
