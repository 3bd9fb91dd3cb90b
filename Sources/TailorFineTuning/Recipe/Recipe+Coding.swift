import TailorDatasets
import TailorImages

extension OptimizerRecipe {
    private enum CodingKeys: String, CodingKey { case kind, momentum, beta2, nesterov, weightDecay }

    /// Earlier recipes do not name AdamW's second beta, which was 0.999.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            kind: try values.decode(Kind.self, forKey: .kind),
            momentum: try values.decode(Double.self, forKey: .momentum),
            beta2: try values.decodeIfPresent(Double.self, forKey: .beta2) ?? 0.999,
            nesterov: try values.decode(Bool.self, forKey: .nesterov),
            weightDecay: try values.decode(Double.self, forKey: .weightDecay))
    }
}

extension Recipe {
    enum CodingKeys: String, CodingKey {
        case name, probe, phases, search, timeBudget, seeds, optimizer, learningRates, schedule,
            earlyStopping, batchSize,
            accumulationSteps, labelSmoothing, imbalance, gradientClipping, precision, batchNorm,
            weightAveraging,
            trainImageSize, augmentation, preprocessing,
            searchesImageSize
    }

    private enum EarlierKeys: String, CodingKey { case recalibratesBatchNorm }

    /// Paths of keys that recipes of earlier versions have, and that are understood in them.
    package static let earlierKeys = Set(
        [EarlierKeys.recalibratesBatchNorm.rawValue]
            + LinearProbe.FormerKey.allCases.map { "\(CodingKeys.probe.rawValue).\($0.rawValue)" })

    /// Reads recipes of earlier versions, too: those had a switch for the statistics of batch norm.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func value<T: Decodable>(_ key: CodingKeys, _ type: T.Type = T.self) throws -> T {
            try values.decode(type, forKey: key)
        }
        let batchNorm: BatchNormStatistics
        if let switched = try decoder.container(keyedBy: EarlierKeys.self)
            .decodeIfPresent(Bool.self, forKey: .recalibratesBatchNorm), !values.contains(.batchNorm)
        {
            batchNorm = switched ? .task : .trained
        } else {
            batchNorm = try value(.batchNorm)
        }
        self.init(
            name: try value(.name), probe: try values.decodeIfPresent(LinearProbe.self, forKey: .probe),
            phases: try value(.phases), search: try values.decodeIfPresent(TaskSearch.self, forKey: .search),
            timeBudget: try values.decodeIfPresent(Double.self, forKey: .timeBudget),
            seeds: try values.decodeIfPresent(Int.self, forKey: .seeds) ?? 1,
            optimizer: try value(.optimizer), learningRates: try value(.learningRates),
            schedule: try value(.schedule),
            earlyStopping: try values.decodeIfPresent(EarlyStopping.self, forKey: .earlyStopping),
            batchSize: try value(.batchSize), accumulationSteps: try value(.accumulationSteps),
            labelSmoothing: try value(.labelSmoothing), imbalance: try value(.imbalance),
            gradientClipping: try values.decodeIfPresent(Double.self, forKey: .gradientClipping),
            precision: try value(.precision), batchNorm: batchNorm,
            weightAveraging: try values.decodeIfPresent(Double.self, forKey: .weightAveraging),
            trainImageSize: try value(.trainImageSize), augmentation: try value(.augmentation),
            preprocessing: try value(.preprocessing),
            searchesImageSize: try values.decodeIfPresent(Bool.self, forKey: .searchesImageSize) ?? false)
    }
}
