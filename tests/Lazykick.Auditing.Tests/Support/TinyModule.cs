namespace Lazykick.Auditing.Tests.Support;

/// <summary>An arm64 module that runs a guest, with a relocation of each kind that code of modules has.</summary>
internal static class TinyModule
{
    private const int Call = 283;
    private const int PageOf = 275;
    private const int LowBits = 277;
    private const int Word = 257;
    private const int Place = 261;

    public static byte[] Build()
    {
        // adrp x0, 0; add x0, x0, 0; bl; bl; ret
        uint[] code = [0x90000000, 0x91000000, 0x94000000, 0x94000000, 0xd65f03c0, 0xd65f03c0];
        var elf = new ElfBuilder(183, type: 1);
        elf.Section(".text", 0, [.. code.SelectMany(BitConverter.GetBytes)], flags: 6);
        elf.Section(".data", 0, new byte[64], flags: 3);
        elf.Section(".modinfo", 0, [.. "vermagic=9.9.9-tiny SMP\0"u8]);
        elf.Symbol("kvm_arm_vcpu_enter_exit", 0)
            .Symbol("enters_guest", 20)
            .Symbol("data", 0, 2)
            .Symbol("__ct_user_exit", 0, 0)
            .Symbol("__ct_user_enter", 0, 0);
        Relocate(".rela.text", 1, (0, PageOf, 3, 8), (4, LowBits, 3, 8), (8, Call, 5, 0), (12, Call, 4, 0));
        Relocate(".rela.data", 2, (0, Word, 1, 0), (8, Place, 2, 4));
        return elf.Build();

        void Relocate(string name, int target, params (ulong At, int Kind, int Symbol, ulong Addend)[] rows) =>
            elf.Section(
                name,
                0,
                [
                    .. rows.SelectMany(r =>
                        (byte[])
                            [
                                .. BitConverter.GetBytes(r.At),
                                .. BitConverter.GetBytes(r.Kind),
                                .. BitConverter.GetBytes(r.Symbol),
                                .. BitConverter.GetBytes(r.Addend),
                            ]
                    ),
                ],
                flags: 0,
                type: 4,
                info: target
            );
    }
}
