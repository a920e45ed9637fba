/// What a check of a model against its training set found.
public struct CertificateCheck: Sendable, Hashable {
  /// The objectives computed anew.
  public let certificate: Certificate
  /// The largest distance between a weight and the one that the alphas give.
  public let largestWeightError: Double
  /// Whether the alphas are a feasible dual point, the set is the one the model was trained on as far as
  /// terms and label counts tell, and the gap is within the limit.
  public let holds: Bool
}

/// Computes the certificate of a model anew from weights, alphas and data, sharing no code with the solver.
///
/// By weak duality a small gap proves the weights optimal, whoever computed them and how.
///
/// - Parameter alphas: one for each applicant in the order of the set.
public func certify(
  _ model: Model, alphas: [Double], on set: TrainingSet
) -> CertificateCheck {
  var fromAlphas = [Double](repeating: 0, count: set.vocabulary.count)
  var biasFromAlphas = 0.0
  var loss = 0.0
  var linear = 0.0
  var quadratic = 0.0
  var feasible =
    alphas.count == set.count && model.terms == set.vocabulary
    && model.labels == LabelCounts(ok: set.okCount, ng: set.ngCount)
  guard feasible else {
    return CertificateCheck(
      certificate: Certificate(primal: .infinity, dual: 0, epochs: 0),
      largestWeightError: .infinity, holds: false)
  }
  for row in 0..<set.count {
    var entries = set.rows.range(row).map { entry in
      let term = Int(set.terms[Int(set.rows.columns[entry])])
      return (term: term, value: model.value(term, set.counts[entry]))
    }
    let length = entries.reduce(0.0) { $0 + $1.value * $1.value }.squareRoot()
    for index in entries.indices where length > 0 { entries[index].value /= length }
    let sign = set.labels[row] ? 1.0 : -1.0
    var output = model.bias
    for entry in entries { output += model.weights[entry.term] * entry.value }
    let slack = max(0, 1 - sign * output)
    loss += slack * slack
    feasible = feasible && alphas[row] >= 0 && alphas[row].isFinite
    linear += alphas[row]
    quadratic += alphas[row] * alphas[row]
    for entry in entries { fromAlphas[entry.term] += sign * alphas[row] * entry.value }
    biasFromAlphas += sign * alphas[row]
  }
  var norm = model.bias * model.bias
  var dualNorm = biasFromAlphas * biasFromAlphas
  var error = (model.bias - biasFromAlphas).magnitude
  for term in fromAlphas.indices {
    norm += model.weights[term] * model.weights[term]
    dualNorm += fromAlphas[term] * fromAlphas[term]
    error = max(error, (model.weights[term] - fromAlphas[term]).magnitude)
  }
  let certificate = Certificate(
    primal: 0.5 * norm + model.c * loss,
    dual: linear - 0.5 * dualNorm - quadratic / (4 * model.c), epochs: model.certificate.epochs)
  // The last bits of two orders of summing differ; a part in 10⁹ of the objective is far above that.
  let slack = certificate.primal / 1_000_000_000
  let limit = min(certificate.primal / 10_000, 1.0 / 40_000) + slack
  return CertificateCheck(
    certificate: certificate, largestWeightError: error,
    holds: feasible && certificate.gap <= limit && certificate.gap >= -slack)
}
