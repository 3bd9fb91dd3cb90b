import TailorResNet

/// The moments of a run, in their order.
extension MemoryAccount {
    var moments: [Moment] {
        var found = [reading]
        if recipe.probe != nil { found += [features, fittingHead] }
        if measuresStatistics { found.append(statistics) }
        if let search = recipe.search, !recipe.phases.isEmpty {
            found += Set(search.depths.isEmpty ? recipe.phases.map(\.trainableFrom) : search.depths)
                .sorted().map { trial(from: $0) }
        }
        for phase in recipe.phases {
            found.append(training(from: phase.trainableFrom))
            found.append(validation(from: phase.trainableFrom))
        }
        if recipe.averagesRuns, !recipe.phases.isEmpty { found.append(soup(recipe.deepestStage)) }
        if recipe.searchesImageSize { found.append(largerImages) }
        return found
    }

    var reading: Moment {
        // The file, the pixels, and what decoding and measuring make of them.
        let each = Int(images.meanFileBytes) + images.largestPixels * 3 * 2
        return moment(
            "reading images", host: [Part(name: "images being decoded", bytes: each * setting.workers)],
            device: [])
    }

    var features: Moment {
        let views = 1 + (recipe.probe?.augmentedViews ?? 0)
        let size = max(recipe.preprocessing.imageSize, views > 1 ? recipe.trainImageSize : 0)
        let kept = (images.train * views + images.validation) * ResNet18.featureCount * 4
        return moment(
            "features",
            host: [
                loadedWeights,
                loader(setting.resources.evaluationBatchSize, of: images.train, imageSize: size),
            ],
            device: network + [
                Part(name: "features", bytes: kept),
                forward(images.train, imageSize: size),
            ])
    }

    var fittingHead: Moment {
        let rows = images.train * (1 + (recipe.probe?.augmentedViews ?? 0))
        return moment(
            "linear probe",
            host: [
                loadedWeights,
                // In 64 bits, centred and turned.
                Part(name: "features in 64 bits", bytes: rows * ResNet18.featureCount * 8 * 2),
            ], device: network + [Part(name: "features", bytes: rows * ResNet18.featureCount * 4)])
    }

    var statistics: Moment {
        moment(
            "batch-norm statistics",
            host: [
                loadedWeights,
                loader(
                    FineTuner.Machine.Resources.statisticsBatchSize, of: images.train,
                    imageSize: recipe.preprocessing.imageSize),
            ],
            device: network + [
                Part(
                    name: "activations",
                    bytes: pass(
                        min(FineTuner.Machine.Resources.statisticsBatchSize, images.train),
                        imageSize: recipe.preprocessing.imageSize, from: nil, statistics: .batch))
            ])
    }

    func trial(from first: ResNet18.Stage) -> Moment {
        moment(
            "short runs",
            host: [
                loadedWeights, loader(setting.batchSize, of: images.epoch, imageSize: recipe.trainImageSize),
            ],
            device: network + [
                Part(name: "start and average of the trial", bytes: 2 * stateBytes), keptWeights,
                optimizer(from: first), step(from: first, imageSize: recipe.trainImageSize),
            ])
    }

    func training(from first: ResNet18.Stage) -> Moment {
        moment(
            "training, \(first.trainedPart)",
            host: [
                loadedWeights, loader(setting.batchSize, of: images.epoch, imageSize: recipe.trainImageSize),
            ],
            device: network + [
                keptWeights, optimizer(from: deepest(upTo: first)),
                step(from: first, imageSize: recipe.trainImageSize),
            ])
    }

    func validation(from first: ResNet18.Stage) -> Moment {
        moment(
            "validation",
            host: [
                loadedWeights,
                loader(
                    setting.resources.evaluationBatchSize, of: images.validation,
                    imageSize: recipe.preprocessing.imageSize),
                // Those of the epoch's steps wait for it to end.
                loader(setting.batchSize, of: images.epoch, imageSize: recipe.trainImageSize),
            ],
            device: network + [
                keptWeights, optimizer(from: deepest(upTo: first)),
                Part(name: "gradients", bytes: parameterBytes(from: first)), forward(images.validation),
            ])
    }

    /// The stage from which the optimiser remembers something: what an earlier phase trained stays.
    func deepest(upTo first: ResNet18.Stage) -> ResNet18.Stage {
        let index = recipe.phases.firstIndex { $0.trainableFrom == first } ?? recipe.phases.endIndex
        return recipe.phases.prefix(index + 1).map(\.trainableFrom).min() ?? first
    }

    func soup(_ first: ResNet18.Stage) -> Moment {
        moment(
            "average of runs", host: [loadedWeights],
            device: network + [
                keptWeights, optimizer(from: first),
                Part(name: "gradients", bytes: parameterBytes(from: first)),
                Part(name: "weights of runs", bytes: 4 * stateBytes), forward(images.validation),
            ])
    }

    var largerImages: Moment {
        let size = FineTuner.largestSide(of: recipe)
        return moment(
            "larger images",
            host: [
                loadedWeights,
                loader(setting.resources.evaluationBatchSize, of: images.validation, imageSize: size),
            ],
            device: network + [
                keptWeights, optimizer(from: recipe.phases.map(\.trainableFrom).min() ?? .head),
                forward(images.validation, imageSize: size),
            ])
    }
}
