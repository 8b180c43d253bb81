namespace Lazykick.Auditing.Tables;

/// <summary>
/// Instructions that are chosen once, at boot (or when a module is loaded), as the CPU has a feature.
/// </summary>
/// <param name="Site">Address of the original.</param>
/// <param name="Replacement">Address of the other.</param>
/// <param name="Feature">Number of the feature.</param>
/// <param name="SiteLength">Bytes of the original.</param>
/// <param name="ReplacementLength">Bytes of the other.</param>
/// <param name="IsCallback">A function makes the other: what it makes is not in the image.</param>
public readonly record struct Alternative(
    ulong Site,
    ulong Replacement,
    int Feature,
    int SiteLength,
    int ReplacementLength,
    bool IsCallback
);
