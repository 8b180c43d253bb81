namespace Lazykick.Traces;

/// <summary>What pricing needs to know of a function.</summary>
internal readonly record struct FunctionClass(
    int SkipClass,
    Deferrability Deferrability,
    RunTrace RunTrace = RunTrace.Own
);
