// `import Tailor` brings the whole library: data, model, training, evaluation, reports.
@_exported import TailorAudit
@_exported import TailorCheckpoints
@_exported import TailorDatasets
@_exported import TailorDeployment
@_exported import TailorEvaluation
@_exported import TailorFineTuning
@_exported import TailorImages
@_exported import TailorInference
@_exported import TailorModelFile
@_exported import TailorReports
@_exported import TailorResNet
@_exported import TailorSplitting
@_exported import TailorTensors
@_exported import TailorTerminal
