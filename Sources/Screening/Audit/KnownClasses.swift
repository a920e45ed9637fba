/// Classes of people that whoever reads the lists of applicants tells apart by name, such as those labelled OK.
///
/// What a group audit keeps secret is who belongs to a declared group; outcomes and words are no secret, since lists
/// show them by name. These rules keep it, for one report and for all of them taken together:
///
/// 1. **Everybody is counted once.** A report counts people whom no earlier one has counted, at least thirty; so
///    nothing follows from comparing two. They are found by the opening that they registered for, whatever was
///    corrected since. What was told is recorded, and told again from the record, whoever was erased since.
/// 2. **One population.** All figures of a report are about the same people: those with both a decision and a
///    percentage at one position.
/// 3. **Classes are large.** Where two figures divide people into classes, as those labelled OK whom the model did not
///    place for review, each class has at least ten, else the second figure is not told. This rests on what everybody
///    knows, so that it tells nothing.
/// 4. **Groups are mixed.** A group is told of only if at least five people of every class belong to it, and at least
///    five do not. The others of the table are told in one row, which holds five of every class as well if any of
///    them declared something. A table that cannot be told so is not told at all, nor is one of several attributes of
///    which one's own table is not.
/// 5. **Words divide people like outcomes**; with them each class has at least thirty. Which words are told of is
///    chosen without looking at groups.
///
/// So all figures follow from how many of each class belong to each group, in which those of one class stand for one
/// another: of none can it be said that they belong to a group unless all of the class do, which is never told.
struct KnownClasses {
  /// The class of each person.
  private var places: [Int]
  /// How many people each class has.
  private(set) var sizes: [Int]

  /// Everybody, as one class.
  init(people: Int) {
    places = [Int](repeating: 0, count: people)
    sizes = [people]
  }

  /// The classes, each divided into those who have a property and those who have not; `nil` when one would have fewer
  /// people than `fewest`.
  func divided(by property: [Bool], fewest: Int) -> Self? {
    var numbers: [Int: Int] = [:]
    var finer = self
    finer.sizes = []
    for (index, place) in places.enumerated() {
      let key = place * 2 + (property[index] ? 1 : 0)
      let number = numbers[key] ?? finer.sizes.count
      if number == finer.sizes.count {
        numbers[key] = number
        finer.sizes.append(0)
      }
      finer.places[index] = number
      finer.sizes[number] += 1
    }
    return finer.sizes.allSatisfy { $0 >= fewest } ? finer : nil
  }

  /// The smallest class that dividing by who has a property would leave.
  ///
  /// - Complexity: O(people who have it + classes).
  func smallest(dividedBy people: [Int]) -> Int {
    zip(counts(of: people), sizes).reduce(places.count) { least, class_ in
      let (inside, size) = class_
      return [inside, size - inside].reduce(least) { $1 > 0 ? min($0, $1) : $0 }
    }
  }

  /// Whether at least five of every class are among these people, and at least five are not.
  func mix(_ people: [Int]) -> Bool {
    zip(counts(of: people), sizes).allSatisfy {
      $0 >= GroupFigures.fewest && $1 - $0 >= GroupFigures.fewest
    }
  }

  /// The groups that may be told of, the largest first.
  ///
  /// - Parameter groups: the people of each group; those who declared nothing are ``GroupFigures/unknown``.
  func told(_ groups: [String: [Int]]) -> [String] {
    let declared = groups.filter { $0.key != GroupFigures.unknown }
    var told = declared.filter { mix($0.value) }
      .sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map(\.key)
    guard told.count < declared.count else { return told }
    var others = groups.filter { !told.contains($0.key) }.flatMap(\.value)
    while !told.isEmpty, !mix(others) { others += groups[told.removeLast(), default: []] }
    return told
  }

  private func counts(of people: [Int]) -> [Int] {
    var counts = [Int](repeating: 0, count: sizes.count)
    for person in people { counts[places[person]] += 1 }
    return counts
  }
}
