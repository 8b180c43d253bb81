using Lazykick.Checking.Exploration;
using Lazykick.Checking.Litmus.Answers;
using Lazykick.Checking.Litmus.Machine;
using Lazykick.Checking.Litmus.Reading;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Tests.Litmus;

public class ReaderTests
{
    [Fact]
    public void Header_options_types_comments_and_handlers_are_read()
    {
        var test = LitmusReader.Read(
            """
            AArch64 SM.test+1
            "a string" (* a (* nested *) comment *)
            CacheType=IDC
            Variant=exs,eis
            Hash=0123
            { uint64_t x=7; ins_t *0:X2; 0:X1=P0:L0; 0:X3=label:"P0:L0"; [y]=-1; 0:X4=instr:"B .+8"; int z; }
             P0    | P0.F ;
             L0:   | ERET ;
             NOP   |      ;
            locations [x; 0:X1;]
            filter (y=-1)
            forall (0:X1=P0:L0 /\ (x=7 \/ ~(x=7)) => true)
            """
        );
        Assert.Equal("SM.test+1", test.Name);
        Assert.Equal(CacheType.Idc, test.Cache);
        Assert.Equal(["eis", "exs"], test.Variants.Order(StringComparer.Ordinal));
        Assert.Equal(5, test.Initial.Count);
        Assert.Equal(LitmusQuantifier.ForAll, test.Quantifier);
        Assert.True(test.Columns[1].IsHandler);
        Assert.Equal("forall (0:X1=P0:L0 /\\ (x=7 \\/ ~(x=7)) => true)", test.ConditionText);
        Assert.Equal("Required", LitmusRunner.Run(test, new(), TestContext.Current.CancellationToken).Kind);
    }

    [Fact]
    public void Values_are_shown_as_herd_shows_them()
    {
        var result = LitmusFiles.Run(
            """
            AArch64 shown
            { 0:X1=x; 0:X2=P0:L0; 0:X3=NOP; 0:X5=P0:L0; y=-1; }
             P0          ;
             L0: NOP     ;
             STR W3,[X1] ;
             LDR W4,[X5] ;
            locations [0:X1; 0:X2; x; 0:X4; y;]
            forall (x=instr:"NOP" /\ 0:X4=NOP /\ 0:X2=label:"P0:L0" /\ 0:X1=x)
            """
        );
        Assert.True(result.Holds);
        Assert.Equal(
            "0:X1=x; 0:X2=label:\"P0:L0\"; [x]=instr:\"NOP\"; 0:X4=instr:\"NOP\"; [y]=-1",
            LitmusFiles.States(result).Single()
        );
    }

    [Theory]
    [InlineData("ADD W0,W1,#3", 8)]
    [InlineData("ADD W0,W1,W2,LSL #1", 11)]
    [InlineData("SUB W0,W1,#6", 0xFFFF_FFFF)]
    [InlineData("SUB X0,X1,#6", -1)]
    [InlineData("AND W0,W1,#4", 4)]
    [InlineData("ORR W0,W1,W2", 7)]
    [InlineData("EOR W0,W1,W2", 6)]
    [InlineData("BIC W0,W1,#1", 4)]
    [InlineData("LSL W0,W1,#2", 20)]
    [InlineData("MOV W0,WZR", 0)]
    [InlineData("ADD X0,X1,W3,SXTW", 4)]
    public void Arithmetic_is_that_of_the_architecture(string instruction, long expected)
    {
        var result = LitmusFiles.Run(
            $"AArch64 T\n{{ 0:X1=5; 0:X2=3; 0:X3=0xFFFFFFFF; }}\n P0 ;\n {instruction} ;\nforall (0:X0={expected})\n"
        );
        Assert.True(result.Holds, string.Join('\n', LitmusFiles.States(result)));
    }

    [Theory]
    [InlineData(1, 2, "NE LT LE CC LS MI")]
    [InlineData(2, 2, "EQ GE LE CS LS PL")]
    [InlineData(3, 2, "NE GT GE HI CS PL")]
    [InlineData(-1, 2, "NE LT LE HI CS MI")]
    public void Conditions_follow_the_flags(int left, int right, string holding)
    {
        string[] conditions = ["EQ", "NE", "CS", "CC", "MI", "PL", "HI", "LS", "GE", "LT", "GT", "LE"];
        foreach (var condition in conditions)
        {
            var expected = holding.Split(' ').Contains(condition) ? 1 : 0;
            var result = LitmusFiles.Run(
                $"AArch64 T\n{{ 0:X1={left}; 0:X2={right}; }}\n P0 ;\n CMP W1,W2 ;\n CSET W0,{condition} ;\n "
                    + $"B.{condition} L ;\n B M ;\n L: MOV W3,#1 ;\n M: NOP ;\nforall (0:X0={expected} /\\ "
                    + $"0:X3={expected})\n"
            );
            Assert.True(result.Holds, $"{left} {condition} {right}");
        }
    }

    [Fact]
    public void A_loop_that_waits_for_another_thread_ends_in_one_state()
    {
        var result = LitmusFiles.Run(
            """
            AArch64 spin
            { 0:X1=x; 0:X3=y; 1:X1=x; 1:X3=y; }
             P0           | P1            ;
             MOV W0,#1    | L: LDAR W0,[X3] ;
             STR W0,[X1]  | CBZ W0,L      ;
             STLR W0,[X3] | LDR W2,[X1]   ;
            forall (1:X2=1)
            """
        );
        Assert.True(result.Holds);
    }

    [Fact]
    public void A_retried_exclusive_pair_adds_exactly_once()
    {
        const string column = "L{0}: LDXR W0,[X1]";
        var result = LitmusFiles.Run(
            $$"""
            AArch64 retry
            { 0:X1=x; 1:X1=x; }
             P0 | P1 ;
             {{string.Format(null, column, 0)}} | {{string.Format(null, column, 1)}} ;
             ADD W0,W0,#1 | ADD W0,W0,#1 ;
             STXR W2,W0,[X1] | STXR W2,W0,[X1] ;
             CBNZ W2,L0 | CBNZ W2,L1 ;
            forall (x=2)
            """
        );
        Assert.True(result.Holds);
    }

    [Fact]
    public void Post_and_pre_index_forms_move_the_address()
    {
        var result = LitmusFiles.Run(
            """
            AArch64 index
            { 0:X1=x; 0:X3=x; y=5; 0:X4=y; }
             P0               ;
             MOV W0,#1        ;
             STR W0,[X1],#256 ;
             LDR W5,[X1]      ;
             LDR W6,[X3,#256]! ;
             SUB X7,X1,X4     ;
             SUB X8,X3,X4     ;
            forall (x=1 /\ 0:X5=5 /\ 0:X6=5 /\ 0:X7=0 /\ 0:X8=0)
            """
        );
        Assert.True(result.Holds, string.Join('\n', LitmusFiles.States(result)));
    }

    [Fact]
    public void A_limit_on_states_is_reported_and_not_answered()
    {
        var test = LitmusReader.Read(LitmusFiles.Text("IRIW"));
        var error = Assert.Throws<LitmusLimitException>(() =>
            LitmusRunner.Run(
                test,
                new() { Limits = SearchLimits.Default with { MaxStates = 10 } },
                TestContext.Current.CancellationToken
            )
        );
        Assert.Equal("more than 10 states", error.Message);
    }

    [Fact]
    public void Counting_up_for_ever_is_given_up()
    {
        const string text = "AArch64 T\n{ }\n P0 ;\n L: ADD W0,W0,#1 ;\n B L ;\nexists (0:X0=1)\n";
        Assert.Throws<LitmusLimitException>(() => LitmusFiles.Run(text));
    }
}
