namespace Lazykick.Auditing.Elf;

/// <summary>A row of a symbol table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">STT_*: 1 object, 2 function, 3 section.</param>
/// <param name="Binding">STB_*.</param>
/// <param name="Section">Its section; 0 is undefined.</param>
/// <param name="Value">Address, in a module offset in the section.</param>
/// <param name="Size">Bytes.</param>
public readonly record struct ElfSymbol(string Name, int Type, int Binding, int Section, ulong Value, ulong Size);
