namespace Lazykick.Auditing.Tables;

/// <summary>A place of a static key (include/linux/jump_label.h): NOP or jump, as the key stands.</summary>
/// <param name="Site">Address of the instruction.</param>
/// <param name="Target">Where the jump goes.</param>
/// <param name="Key">Address of the key.</param>
/// <param name="IsBranch">The jump is there while the key is off.</param>
/// <param name="IsInit">The site lies in init text.</param>
public readonly record struct JumpEntry(ulong Site, ulong Target, ulong Key, bool IsBranch, bool IsInit);
