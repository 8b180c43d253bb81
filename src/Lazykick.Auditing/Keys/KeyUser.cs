namespace Lazykick.Auditing.Keys;

/// <summary>A function that refers to a key.</summary>
/// <param name="Name">The function.</param>
/// <param name="IsInit">It is freed after boot.</param>
public readonly record struct KeyUser(string Name, bool IsInit);
