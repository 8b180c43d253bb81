namespace Lazykick.Auditing.Keys;

/// <summary>What the image tells of a static key or a static call's key.</summary>
/// <param name="Name">Its name, or its address in words.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Sealing">When it can change.</param>
/// <param name="Updaters">Functions that pass it to a function of the model's <c>update</c>.</param>
/// <param name="Others">Functions that refer to it otherwise: they may read it, or pass it on.</param>
/// <param name="Pointers">Data that hold its address: who changes it through them is not known.</param>
/// <param name="IsExported">Modules can change it; null where the image does not tell.</param>
/// <param name="Allowed">Why the model lets it be, or null.</param>
public sealed record KeyFacts(
    string Name,
    ulong Address,
    Sealing Sealing,
    IReadOnlyList<KeyUser> Updaters,
    IReadOnlyList<KeyUser> Others,
    IReadOnlyList<string> Pointers,
    bool? IsExported,
    string? Allowed
);
