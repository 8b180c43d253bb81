namespace Lazykick.Auditing.Tables;

/// <summary>A place of a static call (include/linux/static_call_types.h).</summary>
/// <param name="Site">Address of the call or jump.</param>
/// <param name="Key">Address of the key.</param>
/// <param name="IsTail">It is a jump.</param>
/// <param name="IsInit">The site lies in init text.</param>
public readonly record struct StaticCallSite(ulong Site, ulong Key, bool IsTail, bool IsInit);
