using Gee.External.Capstone;
using Gee.External.Capstone.Arm64;
using Lazykick.Auditing.Code;

namespace Lazykick.Auditing.Tests.Code;

public class Arm64DecoderTests
{
    [Theory]
    [InlineData(0x14000001u, FlowKind.Jump, 0x1004ul)]
    [InlineData(0x17ffffffu, FlowKind.Jump, 0xffcul)]
    [InlineData(0x94000002u, FlowKind.Call, 0x1008ul)]
    [InlineData(0x54000041u, FlowKind.Branch, 0x1008ul)]
    [InlineData(0xb4ffffe0u, FlowKind.Branch, 0xffcul)]
    [InlineData(0x3707ffe0u, FlowKind.Branch, 0xffcul)]
    [InlineData(0xd61f0200u, FlowKind.IndirectJump, 0ul)]
    [InlineData(0xd63f0200u, FlowKind.IndirectCall, 0ul)]
    [InlineData(0xd65f03c0u, FlowKind.Return, 0ul)]
    [InlineData(0xd65f0bffu, FlowKind.Return, 0ul)]
    [InlineData(0xd69f03e0u, FlowKind.ExceptionReturn, 0ul)]
    [InlineData(0xd4210000u, FlowKind.Stop, 0ul)]
    [InlineData(0xd4000001u, FlowKind.Next, 0ul)]
    public void Control_flow_and_its_target(uint word, FlowKind flow, ulong target)
    {
        var insn = Arm64Decoder.Decode(word, 0x1000);

        Assert.Equal((flow, target), (insn.Flow, insn.Target));
    }

    [Theory]
    [InlineData(0xd5033fdfu, Effects.Isb)]
    [InlineData(0xd5033f9fu, Effects.Dsb)]
    [InlineData(0xd503339fu, Effects.Dsb)]
    [InlineData(0xd503309fu, Effects.None)]
    [InlineData(0xd5033bbfu, Effects.None)]
    [InlineData(0xd50342dfu, Effects.Mask)]
    [InlineData(0xd50342ffu, Effects.Unmask)]
    [InlineData(0xd50341dfu, Effects.None)]
    [InlineData(0xd503207fu, Effects.Sleep)]
    [InlineData(0xd503203fu, Effects.Relax)]
    [InlineData(0xb8e10001u, Effects.Atomic)]
    [InlineData(0xf8bfc3e0u, Effects.None)]
    [InlineData(0x8802fc01u, Effects.Atomic)]
    public void Barriers_masks_and_atomics(uint word, Effects effects) =>
        Assert.Equal(effects, Arm64Decoder.Decode(word, 0x1000).Effects & ~Effects.Load);

    [Fact]
    public void Random_words_of_the_classes_that_matter_are_read_as_Capstone_reads_them()
    {
        var random = new Random(20261127);
        uint[] seeds =
        [
            0x14000000,
            0x94000000,
            0x54000000,
            0x34000000,
            0xb5000000,
            0x36000000,
            0xd61f0000,
            0xd63f0000,
            0xd65f0000,
            0xd4000000,
            0xd5033000,
            0xd5032000,
            0xd5034000,
            0x38200000,
            0x08000000,
            0x08a00000,
        ];
        var words = new List<uint>();
        for (var i = 0; i < 4000; i++)
        {
            var seed = seeds[i % seeds.Length];
            words.Add(seed ^ (1u << random.Next(32)) ^ (1u << random.Next(24)));
            words.Add(seed | (uint)random.Next(1 << 24));
        }

        var (compared, differences) = CapstoneComparison.Compare([.. words]);

        Assert.Empty(differences);
        Assert.True(compared > 4000, $"Capstone decoded {compared} words only");
    }
}

/// <summary>Compares with Capstone, which knows nothing of ours.</summary>
internal static class CapstoneComparison
{
    public static (int Compared, List<string> Differences) Compare(uint[] words)
    {
        using var capstone = CapstoneDisassembler.CreateArm64Disassembler(Arm64DisassembleMode.LittleEndian);
        capstone.EnableInstructionDetails = false;
        var compared = 0;
        var differences = new List<string>();
        foreach (var word in words)
        {
            const long Address = 0x4000_0000;
            var theirs = capstone.Disassemble(BitConverter.GetBytes(word), Address);
            if (theirs.Length != 1)
            {
                continue;
            }

            compared++;
            var ours = Arm64Decoder.Decode(word, Address);
            var (flow, effects) = Expected(theirs[0].Mnemonic, theirs[0].Operand);
            var target = flow is FlowKind.Jump or FlowKind.Branch or FlowKind.Call
                ? theirs[0].Operand.Split('#')[^1]
                : "0x0";
            if (
                ours.Flow != flow
                || (ours.Effects & ~(Effects.Load | Effects.Trap)) != effects
                || $"0x{ours.Target:x}" != target
            )
            {
                differences.Add(
                    $"{word:x8} {theirs[0].Mnemonic} {theirs[0].Operand}: read as {ours.Flow} 0x{ours.Target:x} "
                        + $"{ours.Effects}"
                );
            }
        }

        return (compared, differences);
    }

    private static (FlowKind Flow, Effects Effects) Expected(string mnemonic, string operand) =>
        mnemonic switch
        {
            "b" or "b.al" or "b.nv" => (FlowKind.Jump, Effects.None),
            "bl" => (FlowKind.Call, Effects.None),
            "cbz" or "cbnz" or "tbz" or "tbnz" => (FlowKind.Branch, Effects.None),
            "br" or "braa" or "brab" or "braaz" or "brabz" => (FlowKind.IndirectJump, Effects.None),
            "blr" or "blraa" or "blrab" or "blraaz" or "blrabz" => (FlowKind.IndirectCall, Effects.None),
            "ret" or "retaa" or "retab" => (FlowKind.Return, Effects.None),
            "eret" or "eretaa" or "eretab" => (FlowKind.ExceptionReturn, Effects.None),
            "brk" or "hlt" => (FlowKind.Stop, Effects.None),
            "drps" or "dcps1" or "dcps2" or "dcps3" => (FlowKind.Undecoded, Effects.None),
            "isb" => (FlowKind.Next, Effects.Isb),
            "dsb" when operand is not ("#0" or "#0x0" or "#4" or "#0x4" or "#00" or "#04") => (
                FlowKind.Next,
                Effects.Dsb
            ),
            "wfi" => (FlowKind.Next, Effects.Sleep),
            "wfe" or "yield" => (FlowKind.Next, Effects.Relax),
            // This Capstone is older than WFET and WFIT (FEAT_WFxT).
            "msr" when operand.StartsWith("s3_3_c1_c0_0,", StringComparison.OrdinalIgnoreCase) => (
                FlowKind.Next,
                Effects.Relax
            ),
            "msr" when operand.StartsWith("s3_3_c1_c0_1,", StringComparison.OrdinalIgnoreCase) => (
                FlowKind.Next,
                Effects.Sleep
            ),
            "msr" when operand.StartsWith("daifset", StringComparison.OrdinalIgnoreCase) && HasI(operand) => (
                FlowKind.Next,
                Effects.Mask
            ),
            "msr" when operand.StartsWith("daifclr", StringComparison.OrdinalIgnoreCase) && HasI(operand) => (
                FlowKind.Next,
                Effects.Unmask
            ),
            "msr"
                when operand.StartsWith("daif,", StringComparison.OrdinalIgnoreCase)
                    || operand.StartsWith("icc_pmr_el1,", StringComparison.OrdinalIgnoreCase) => (
                FlowKind.Next,
                Effects.Unmask
            ),
            _ when mnemonic.StartsWith("b.", StringComparison.Ordinal) => (FlowKind.Branch, Effects.None),
            _ when mnemonic.StartsWith("udf", StringComparison.Ordinal) => (FlowKind.Stop, Effects.None),
            _ when IsAtomic(mnemonic) => (FlowKind.Next, Effects.Atomic),
            _ => (FlowKind.Next, Effects.None),
        };

    private static bool HasI(string operand)
    {
        var text = operand.Split('#')[^1];
        var value = text.StartsWith("0x", StringComparison.Ordinal)
            ? Convert.ToInt32(text, 16)
            : int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        return (value & 2) != 0;
    }

    private static bool IsAtomic(string mnemonic)
    {
        string[] starts =
        [
            "ldadd",
            "ldclr",
            "ldeor",
            "ldset",
            "ldsmax",
            "ldsmin",
            "ldumax",
            "ldumin",
            "stadd",
            "stclr",
            "steor",
            "stset",
            "stsmax",
            "stsmin",
            "stumax",
            "stumin",
            "swp",
            "cas",
            "stxr",
            "stlxr",
            "stxp",
            "stlxp",
        ];
        return starts.Any(s => mnemonic.StartsWith(s, StringComparison.Ordinal));
    }
}
