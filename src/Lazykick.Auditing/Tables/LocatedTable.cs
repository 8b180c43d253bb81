using Lazykick.Auditing.Bytes;

namespace Lazykick.Auditing.Tables;

/// <summary>A table that was found.</summary>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Address">Its address.</param>
/// <param name="How">By what it was found.</param>
/// <param name="IsInferred">It was found by its rows or its readers, not by a name.</param>
internal readonly record struct LocatedTable(ByteView Bytes, ulong Address, string How, bool IsInferred);
