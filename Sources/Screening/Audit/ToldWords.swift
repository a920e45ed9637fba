/// The words of which a group audit tells how often groups have them.
///
/// The lists of applicants show who has a word. So words are chosen by how evenly they divide the classes of people
/// alone, up to five, and of those the first are told with which every group is mixed in each class.
///
/// - Parameters:
///   - words: the nouns of each person's documents.
///   - groups: the people of each group told.
/// - Complexity: O(words in all documents).
func toldWords(
  _ words: [Set<[UInt8]>], _ classes: KnownClasses, mixing groups: [[Int]]
) -> [(term: String, people: [Int])] {
  let smallest = 30
  var people: [[UInt8]: [Int]] = [:]
  for (person, set) in words.enumerated() {
    for word in set { people[word, default: []].append(person) }
  }
  var candidates: [(term: String, people: [Int])] = []
  for (word, people) in people
  where people.count >= smallest && words.count - people.count >= smallest {
    candidates.append((String(decoding: word, as: UTF8.self), people))
  }
  candidates.sort { $0.term < $1.term }
  var chosen: [(term: String, people: [Int])] = []
  var finer = [classes]
  while chosen.count < 5, let last = finer.last {
    var best: (place: Int, least: Int)?
    for (place, candidate) in candidates.enumerated() {
      let least = last.smallest(dividedBy: candidate.people)
      if least > best?.least ?? 0 { best = (place, least) }
    }
    guard let best, best.least >= smallest else { break }
    let word = candidates.remove(at: best.place)
    var has = [Bool](repeating: false, count: words.count)
    for person in word.people { has[person] = true }
    guard let next = last.divided(by: has, fewest: smallest) else { break }
    chosen.append(word)
    finer.append(next)
  }
  while !chosen.isEmpty, let last = finer.last, !groups.allSatisfy({ last.mix($0) }) {
    chosen.removeLast()
    finer.removeLast()
  }
  return chosen
}
